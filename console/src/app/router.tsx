import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { CollectorsView } from '../features/collectors/components/collectors-view.tsx'
import { NewCollectorView } from '../features/collectors/components/new-collector-view.tsx'
import { CoverageView } from '../features/coverage/components/coverage-view.tsx'
import { HistoryView } from '../features/history/components/history-view.tsx'
import { JobView } from '../features/jobs/components/job-view.tsx'
import { JobsView } from '../features/jobs/components/jobs-view.tsx'
import { PluginView } from '../features/plugins/components/plugin-view.tsx'
import { PluginsView } from '../features/plugins/components/plugins-view.tsx'
import { ResourcesView } from '../features/resources/components/resources-view.tsx'
import { CollectorPage } from './pages/collector-page.tsx'
import { CrashPage } from './pages/crash-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { OverviewPage } from './pages/overview-page.tsx'
import { ResourcePage } from './pages/resource-page.tsx'
import { pageParam, textParams } from './search-params.ts'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: CrashPage })

const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage })

const resources = createRoute({
  getParentRoute: () => root,
  path: '/resources',
  validateSearch: (given: Record<string, unknown>) => ({
    ...textParams(given, 'text', 'at'),
    ...pageParam(given),
  }),
  component: function Resources() {
    const { text = '', at = '', page = 1 } = resources.useSearch()
    const navigate = resources.useNavigate()
    return (
      <ResourcesView
        text={text}
        page={page}
        at={at}
        onAt={(next) => void navigate({ search: textParams({ text, at: next }, 'text', 'at') })}
        onText={(next) => void navigate({ search: textParams({ text: next, at }, 'text', 'at') })}
        onPage={(next) =>
          void navigate({
            search: { ...textParams({ text, at }, 'text', 'at'), ...pageParam({ page: next }) },
          })
        }
      />
    )
  },
})

const resource = createRoute({
  getParentRoute: () => root,
  path: '/resources/$id',
  component: function Resource() {
    return <ResourcePage id={resource.useParams().id} />
  },
})

const collectors = createRoute({
  getParentRoute: () => root,
  path: '/collectors',
  validateSearch: (given: Record<string, unknown>) => pageParam(given),
  component: function Collectors() {
    const { page = 1 } = collectors.useSearch()
    const navigate = collectors.useNavigate()
    return (
      <CollectorsView page={page} onPage={(next) => void navigate({ search: pageParam({ page: next }) })} />
    )
  },
})

const newCollector = createRoute({
  getParentRoute: () => root,
  path: '/collectors/new',
  validateSearch: (given: Record<string, unknown>) => textParams(given, 'plugin'),
  component: function NewCollector() {
    const { plugin: pluginId = '' } = newCollector.useSearch()
    const navigate = newCollector.useNavigate()
    return (
      <NewCollectorView
        pluginId={pluginId}
        onPlugin={(next) => void navigate({ search: textParams({ plugin: next }, 'plugin') })}
      />
    )
  },
})

const collector = createRoute({
  getParentRoute: () => root,
  path: '/collectors/$id',
  component: function Collector() {
    return <CollectorPage id={collector.useParams().id} />
  },
})

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: (given: Record<string, unknown>) => ({
    ...textParams(given, 'status'),
    ...pageParam(given),
  }),
  component: function Jobs() {
    const { status = '', page = 1 } = jobs.useSearch()
    const navigate = jobs.useNavigate()
    return (
      <JobsView
        page={page}
        status={status}
        onStatus={(next) => void navigate({ search: textParams({ status: next }, 'status') })}
        onPage={(next) =>
          void navigate({ search: (now) => ({ ...textParams(now, 'status'), ...pageParam({ page: next }) }) })
        }
      />
    )
  },
})

const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$id',
  component: function Job() {
    return <JobView id={job.useParams().id} />
  },
})

const coverage = createRoute({
  getParentRoute: () => root,
  path: '/coverage',
  validateSearch: (given: Record<string, unknown>) => ({
    ...textParams(given, 'state'),
    ...pageParam(given),
  }),
  component: function Coverage() {
    const { state = '', page = 1 } = coverage.useSearch()
    const navigate = coverage.useNavigate()
    return (
      <CoverageView
        page={page}
        state={state}
        onState={(next) => void navigate({ search: textParams({ state: next }, 'state') })}
        onPage={(next) =>
          void navigate({ search: (now) => ({ ...textParams(now, 'state'), ...pageParam({ page: next }) }) })
        }
      />
    )
  },
})

const history = createRoute({
  getParentRoute: () => root,
  path: '/history',
  validateSearch: (given: Record<string, unknown>) => ({
    ...textParams(given, 'action', 'job'),
    ...pageParam(given),
  }),
  component: function History() {
    const { action = '', job: jobId = '', page = 1 } = history.useSearch()
    const navigate = history.useNavigate()
    return (
      <HistoryView
        page={page}
        action={action}
        jobId={jobId}
        onFilter={(filter) => void navigate({ search: textParams(filter, 'action', 'job') })}
        onPage={(next) =>
          void navigate({
            search: (now) => ({ ...textParams(now, 'action', 'job'), ...pageParam({ page: next }) }),
          })
        }
      />
    )
  },
})

const plugins = createRoute({ getParentRoute: () => root, path: '/plugins', component: PluginsView })

const plugin = createRoute({
  getParentRoute: () => root,
  path: '/plugins/$id',
  component: function Plugin() {
    return <PluginView id={plugin.useParams().id} />
  },
})

/** Addresses and their pages. */
export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    resources,
    resource,
    collectors,
    newCollector,
    collector,
    jobs,
    job,
    coverage,
    history,
    plugins,
    plugin,
  ]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

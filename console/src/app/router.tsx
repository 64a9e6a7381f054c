import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { CollectorsView } from '../features/collectors/components/collectors-view.tsx'
import { NewCollectorView } from '../features/collectors/components/new-collector-view.tsx'
import { CoverageView } from '../features/coverage/components/coverage-view.tsx'
import { DiffView } from '../features/history/components/diff-view.tsx'
import { HistoryView } from '../features/history/components/history-view.tsx'
import { JobView } from '../features/jobs/components/job-view.tsx'
import { JobsView } from '../features/jobs/components/jobs-view.tsx'
import { PluginView } from '../features/plugins/components/plugin-view.tsx'
import { PluginsView } from '../features/plugins/components/plugins-view.tsx'
import { ResourcesView } from '../features/resources/components/resources-view.tsx'
import { NewSecretView } from '../features/secrets/components/new-secret-view.tsx'
import { SecretView } from '../features/secrets/components/secret-view.tsx'
import { SecretsView } from '../features/secrets/components/secrets-view.tsx'
import { CollectorPage } from './pages/collector-page.tsx'
import { CrashPage } from './pages/crash-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { OverviewPage } from './pages/overview-page.tsx'
import { ResourcePage } from './pages/resource-page.tsx'
import { SettingsPage } from './pages/settings-page.tsx'
import { pageParam, textParams } from './search-params.ts'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: CrashPage })

const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage })

const resources = createRoute({
  getParentRoute: () => root,
  path: '/resources',
  validateSearch: (given: Record<string, unknown>) => ({
    ...textParams(given, 'text', 'at', 'by'),
    ...pageParam(given),
  }),
  component: function Resources() {
    const { page = 1, ...given } = resources.useSearch()
    const wanted = { text: '', at: '', by: '', ...given }
    const navigate = resources.useNavigate()
    return (
      <ResourcesView
        {...wanted}
        page={page}
        onWanted={(next) => void navigate({ search: textParams({ ...wanted, ...next }, 'text', 'at', 'by') })}
        onPage={(next) => void navigate({ search: { ...given, ...pageParam({ page: next }) } })}
      />
    )
  },
})

const resource = createRoute({
  getParentRoute: () => root,
  path: '/resources/$id',
  validateSearch: (given: Record<string, unknown>) => textParams(given, 'at'),
  component: function Resource() {
    const { at = '' } = resource.useSearch()
    const navigate = resource.useNavigate()
    return (
      <ResourcePage
        id={resource.useParams().id}
        at={at}
        onAt={(next) => void navigate({ search: textParams({ at: next }, 'at') })}
      />
    )
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
  validateSearch: (given: Record<string, unknown>) => textParams(given, 'plugin', 'secret'),
  component: function NewCollector() {
    const { plugin: pluginId = '', secret: secretId = '' } = newCollector.useSearch()
    const navigate = newCollector.useNavigate()
    return (
      <NewCollectorView
        pluginId={pluginId}
        secretId={secretId}
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

const diff = createRoute({
  getParentRoute: () => root,
  path: '/history/diff',
  validateSearch: (given: Record<string, unknown>) => ({
    ...textParams(given, 'from', 'to', 'difference', 'text'),
    ...pageParam(given),
  }),
  component: function HistoryDiff() {
    const { page = 1, ...given } = diff.useSearch()
    const navigate = diff.useNavigate()
    return (
      <DiffView
        {...{ from: '', to: '', difference: '', text: '', ...given }}
        page={page}
        onWanted={(next) => void navigate({ search: textParams(next, 'from', 'to', 'difference', 'text') })}
        onPage={(next) => void navigate({ search: { ...given, ...pageParam({ page: next }) } })}
      />
    )
  },
})

const secrets = createRoute({
  getParentRoute: () => root,
  path: '/secrets',
  validateSearch: (given: Record<string, unknown>) => pageParam(given),
  component: function Secrets() {
    const { page = 1 } = secrets.useSearch()
    const navigate = secrets.useNavigate()
    return <SecretsView page={page} onPage={(next) => void navigate({ search: pageParam({ page: next }) })} />
  },
})

const newSecret = createRoute({
  getParentRoute: () => root,
  path: '/secrets/new',
  // `next=collector` goes on to the collector that is to use it.
  validateSearch: (given: Record<string, unknown>) => textParams(given, 'plugin', 'next'),
  component: function NewSecret() {
    const { plugin = '', next = '' } = newSecret.useSearch()
    const navigate = newSecret.useNavigate()
    return (
      <NewSecretView
        pluginId={plugin}
        onPlugin={(chosen) =>
          void navigate({ search: textParams({ plugin: chosen, next }, 'plugin', 'next') })
        }
        onCreated={({ secret_id: id }) =>
          next === 'collector'
            ? void navigate({ to: '/collectors/new', search: { plugin, secret: id } })
            : void navigate({ to: '/secrets/$id', params: { id } })
        }
      />
    )
  },
})

const secret = createRoute({
  getParentRoute: () => root,
  path: '/secrets/$id',
  component: function OneSecret() {
    const { id } = secret.useParams()
    return <SecretView key={id} id={id} />
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

const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsPage })

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
    diff,
    secrets,
    newSecret,
    secret,
    plugins,
    plugin,
    settings,
  ]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

type Manifest = { readonly name: string; readonly version: string } & Record<string, unknown>

export type NpmRegistry = {
  readonly url: string
  /** Packs a package of these files, whose `package.json` is the manifest, and offers it. */
  publish(manifest: Manifest, files: Readonly<Record<string, string>>): void
  /** Offers a package that was packed already. */
  publishArchive(file: string): void
  /** Offers these versions of a package no more. */
  unpublish(name: string, versions: readonly string[]): void
  /** Paths asked for so far. */
  readonly requests: string[]
  stop(): void
}

/** A registry of npm with the packages that a test publishes, and nothing else. */
export async function startNpmRegistry(): Promise<NpmRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-registry-'))
  const packages = new Map<string, Manifest[]>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    requests.push(path)
    const versions = packages.get(path.slice(1))
    if (path.endsWith('.tgz')) response.end(readFileSync(join(folder, path.slice(1))))
    else if (versions !== undefined) response.end(JSON.stringify(documentOf(path.slice(1), versions)))
    else response.writeHead(404).end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/`

  function publish(manifest: Manifest, files: Readonly<Record<string, string>>): void {
    const archive = `${manifest.name}-${manifest.version}.tgz`
    pack(join(folder, archive), { ...files, 'package.json': JSON.stringify(manifest) })
    offer(archive, manifest)
  }
  function offer(archive: string, manifest: Manifest): void {
    const bytes = readFileSync(join(folder, archive))
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    const published = { ...manifest, dist: { tarball: url + archive, integrity } }
    packages.set(manifest.name, [...(packages.get(manifest.name) ?? []), published])
  }
  return {
    url,
    publish,
    publishArchive(file) {
      const text = execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' })
      copyFileSync(file, join(folder, basename(file)))
      offer(basename(file), JSON.parse(text))
    },
    unpublish(name, versions) {
      packages.set(
        name,
        (packages.get(name) ?? []).filter(({ version }) => !versions.includes(version)),
      )
    },
    requests,
    stop() {
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As npm packs: everything below `package/`. */
function pack(archive: string, files: Readonly<Record<string, string>>): void {
  const scratch = mkdtempSync(join(tmpdir(), 'gleaner-pack-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(scratch, 'package', path)), { recursive: true })
      writeFileSync(join(scratch, 'package', path), text)
    }
    execFileSync('tar', ['-czf', archive, '-C', scratch, 'package'])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function documentOf(name: string, versions: readonly Manifest[]) {
  const latest = versions.at(-1)?.version
  return {
    name,
    'dist-tags': { latest },
    versions: Object.fromEntries(versions.map((manifest) => [manifest.version, manifest])),
  }
}

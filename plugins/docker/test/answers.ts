export const NEEDLE = 'needle-4711-needle'

/** What an engine with one container answers, by path, as far as it is read and a little beyond. */
export const ANSWERS: Readonly<Record<string, unknown>> = {
  '/info': { ID: 'ENGINE:1', Name: 'build-1', ServerVersion: '28.1.0', NCPU: 4, ContainersRunning: 1 },
  '/containers/json': [{ Id: 'c1', Status: 'Up 3 seconds' }],
  '/containers/c1/json': {
    Id: 'c1',
    Name: '/web',
    Created: '2026-05-01T08:00:00.123456789Z',
    Image: 'sha256:1',
    RestartCount: 1,
    State: { Status: 'running', StartedAt: 'before', Pid: 6 },
    Config: {
      Image: 'web:1',
      Env: ['MODE=production', `DB_PASSWORD=${NEEDLE}`],
      Cmd: ['serve', `--api-key=${NEEDLE}`],
      Entrypoint: null,
      Labels: { team: 'shop', 'deploy.token': NEEDLE },
    },
    HostConfig: {
      RestartPolicy: { Name: 'always' },
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] },
    },
    Mounts: [{ Type: 'volume', Name: 'data', Source: '/x', Destination: '/var/lib', RW: true }],
    NetworkSettings: { Networks: { front: { NetworkID: 'net-1', IPAddress: '172.18.0.2' } } },
  },
  '/images/json': [
    {
      Id: 'sha256:1',
      Created: 1_777_600_000,
      Size: 1_000,
      RepoTags: ['web:1'],
      RepoDigests: null,
      Labels: null,
    },
  ],
  '/networks': [
    {
      Id: 'net-1',
      Name: 'front',
      Driver: 'bridge',
      IPAM: { Config: [{ Subnet: '172.18.0.0/16' }] },
      Containers: { c1: {} },
    },
  ],
  '/volumes': {
    Volumes: [{ Name: 'data', Driver: 'local', Options: { o: `username=me,password=${NEEDLE}` } }],
    Warnings: null,
  },
}

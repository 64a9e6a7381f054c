/** Settings of the embedded server by name; they are passed on its command line, so that a release can change them. */
export type ServerSettings = Readonly<Record<string, string>>

/**
 * For a small machine (two cores, 2 GB) that ingests in bulk. Durability is not for sale here: fsync,
 * full_page_writes and synchronous_commit keep their safe defaults.
 */
const SETTINGS: ServerSettings = {
  /* Unix socket only, for the one user whose folder it is in. */
  listen_addresses: '',
  unix_socket_permissions: '0700',

  /* Memory: the file system cache does the rest; a sort of a list page fits in work_mem. */
  shared_buffers: '128MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_connections: '50',

  /*
   * Bulk writes: few, spread checkpoints, because after each the first change of a page writes all of it.
   * Those pages stay uncompressed: this build has only pglz, which saved a third of the log and made an
   * update of scattered rows 6 times slower.
   */
  checkpoint_timeout: '15min',
  max_wal_size: '2GB',
  min_wal_size: '128MB',
  wal_compression: 'off',

  /* Looked for every minute, what is dead of documents that change in each of many collects would grow by a tenth meanwhile. */
  autovacuum_naptime: '15s',

  /* Nobody replicates from an embedded server, so its log need not carry what replicas want. */
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',

  /* Planning: the disk is an SSD more often than not, and our statements end before compiling them pays. */
  random_page_cost: '1.1',
  jit: 'off',

  /* One clock and one language whatever the machine says. */
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  datestyle: 'ISO',

  /* The log: no row contents (DETAIL lines) and no bound values, they belong to the customer. */
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_line_prefix: '%m [%p] ',
  logging_collector: 'off',
  log_destination: 'stderr',

  /* Shown by process lists. */
  cluster_name: 'gleaner',
}

/** The command-line form of the defaults, changed by `overrides`, with the socket in `socketFolder`. */
export function toArguments(socketFolder: string, overrides: ServerSettings = {}): string[] {
  const socket = { unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"` }
  return Object.entries({ ...SETTINGS, ...overrides, ...socket }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
}

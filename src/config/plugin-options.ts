import { z } from 'zod'
import { RUNTIME_NAMES } from '../plugins/index.ts'
import { isNetwork } from '../webhooks/index.ts'
import { list, type Options, seconds } from './option.ts'

/** Which plugins run, and how long they may take. */
export const PLUGIN_OPTIONS = {
  allowedRuntimes: {
    env: 'GLEANER_ALLOWED_RUNTIMES',
    about:
      'Kinds of images that registered plugins may have, separated by commas: builtin, grpc, grpc+ssl; npm and docker, which run what a registry has; cmd, which runs any program of this machine.',
    schema: list(z.enum(RUNTIME_NAMES)).default(['builtin', 'grpc', 'grpc+ssl']),
  },
  allowedImages: {
    env: 'GLEANER_ALLOWED_IMAGES',
    about:
      'What the images of registered plugins must begin with, separated by commas, such as npm:@acme/ or cmd:/opt/plugins/; without it any of the allowed kinds.',
    schema: list(z.string().min(1)).default([]),
  },
  pluginVersionsMaxAgeSeconds: {
    env: 'GLEANER_PLUGIN_VERSIONS_MAX_AGE_SECONDS',
    about:
      'How long the versions that a registry listed are believed before a collector in upgrade mode AUTO has them listed again.',
    schema: seconds(86_400).default(600),
  },
  npmRegistry: {
    env: 'GLEANER_NPM_REGISTRY',
    about: 'Address of the registry of npm: plugins; without it as npm itself is configured.',
    schema: z.url({ protocol: /^https?$/ }).optional(),
  },
  dockerSocket: {
    env: 'GLEANER_DOCKER_SOCKET',
    about:
      'Socket of the engine that runs docker:// plugins; without it DOCKER_HOST, else /var/run/docker.sock.',
    schema: z.string().min(1).optional(),
  },
  dockerConfig: {
    env: 'GLEANER_DOCKER_CONFIG',
    about:
      'File with credentials for container registries, as docker login writes it; without it the one of DOCKER_CONFIG or the home folder.',
    schema: z.string().min(1).optional(),
  },
  pluginCaFile: {
    env: 'GLEANER_PLUGIN_CA_FILE',
    about:
      'PEM file of authorities that grpc+ssl:// plugins and container registries may be certified by, beside those that Node trusts.',
    schema: z.string().min(1).optional(),
  },
  pluginCertFile: {
    env: 'GLEANER_PLUGIN_CERT_FILE',
    about: 'PEM file of the certificate that this server shows grpc+ssl:// plugins which ask for one.',
    schema: z.string().min(1).optional(),
  },
  pluginKeyFile: {
    env: 'GLEANER_PLUGIN_KEY_FILE',
    about: 'PEM file of the key to that certificate.',
    schema: z.string().min(1).optional(),
  },
  pluginReach: {
    env: 'GLEANER_PLUGIN_REACH',
    about:
      'What plugins may reach: private, also private networks and files of the worker; public, public addresses alone, for domains that are not trusted.',
    schema: z.enum(['private', 'public']).default('private'),
  },
  pluginAllow: {
    env: 'GLEANER_PLUGIN_ALLOW',
    about: 'Addresses and networks, such as 10.1.2.0/24, that plugins may reach all the same.',
    schema: list(z.string().refine(isNetwork, 'not an address or a network such as 10.1.2.0/24')).default([]),
  },
  pluginDropPrivileges: {
    env: 'GLEANER_PLUGIN_DROP_PRIVILEGES',
    about:
      'Whether a server that runs as root runs each plugin under an unprivileged user of its own. Where it must not, as in a container without CAP_SETUID, false runs them as root of that container.',
    schema: z.stringbool().or(z.boolean()).default(true),
  },
  pluginMaxMemoryMb: {
    env: 'GLEANER_PLUGIN_MAX_MEMORY_MB',
    about:
      'Memory that a plugin may take, with what it starts, in MiB: a process beyond it is killed, a container limited to it. Of a Node program 60 % are heap.',
    schema: z.coerce.number().int().min(64).max(1_048_576).default(512),
  },
  pluginStartTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_START_TIMEOUT_SECONDS',
    about: 'Longest time from starting a plugin process to its being ready.',
    schema: seconds(3_600).default(20),
  },
  pluginInitTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_INIT_TIMEOUT_SECONDS',
    about: 'Longest time a plugin may take to describe itself.',
    schema: seconds(3_600).default(60),
  },
  pluginCallTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_CALL_TIMEOUT_SECONDS',
    about: 'Longest time a plugin may take to verify a secret, or to split work into tasks.',
    schema: seconds(3_600).default(180),
  },
  pluginSilenceTimeoutSeconds: {
    env: 'GLEANER_PLUGIN_SILENCE_TIMEOUT_SECONDS',
    about: 'Longest silence of a plugin while it collects.',
    schema: seconds(86_400).default(600),
  },
} as const satisfies Options

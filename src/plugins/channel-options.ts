import type { ChannelOptions } from '@grpc/grpc-js'
import type { PluginSettings } from './settings.ts'

/** How a channel to a plugin behaves: one connection of its own, a bounded window, no proxy, no silent retries. */
export function channelOptions(settings: PluginSettings): ChannelOptions {
  return {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_retries': 0,
    'grpc.enable_channelz': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.max_receive_message_length': settings.maxMessageBytes,
    'grpc.keepalive_time_ms': settings.keepaliveMs,
    'grpc.keepalive_timeout_ms': 60_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc-node.flow_control_window': settings.windowBytes,
  }
}

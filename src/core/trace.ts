import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { GleanerError } from './errors.ts'

/** What carries a trace from one process to the next: the W3C headers, where there are any. */
export type TraceHeaders = { readonly traceparent?: string; readonly tracestate?: string }

/** What a span says of itself: ids, codes and amounts. Never documents, secrets or messages of errors. */
type SpanInput = {
  readonly name: string
  /** Default `internal`. */
  readonly kind?: 'server' | 'client' | 'consumer' | 'internal'
  readonly attributes: Attributes
  /**
   * Where the trace began, when that was in another process. Default: it goes on from the span around this
   * call.
   */
  readonly from?: TraceHeaders
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
}

// While no tracer is registered this hands out spans that do nothing, and what is active is nothing.
const tracer = trace.getTracer('gleaner')

/** A span that is ended by hand, for what is no function call, such as a stream that somebody reads. */
export type OpenSpan = {
  /** For a call to another process that is part of this span. Empty while traces are off. */
  readonly headers: TraceHeaders
  note(attributes: Attributes): void
  /** Says why it failed: a code, or an error, of which the code is taken. */
  fail(thrown: unknown): void
  end(): void
}

/** Does work in a span; spans that are opened meanwhile are parts of it. */
export async function inSpan<T>(input: SpanInput, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  const span = startSpan(input)
  const open = toOpenSpan(span)
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(open))
  } catch (thrown) {
    open.fail(thrown)
    throw thrown
  } finally {
    span.end()
  }
}

/** The same inside a span only: work that belongs to no trace, such as looking for work, begins none. */
export function inSpanOfTrace<T>(input: SpanInput, work: () => Promise<T>): Promise<T> {
  return trace.getActiveSpan() === undefined ? work() : inSpan(input, work)
}

/** Goes on with a trace that began elsewhere, without a span for it. */
export function inTrace<T>(headers: TraceHeaders, work: () => Promise<T>): Promise<T> {
  return context.with(propagation.extract(ROOT_CONTEXT, headers), work)
}

/** Opens a span without making it the one around what follows. */
export function openSpan(input: SpanInput): OpenSpan {
  return toOpenSpan(startSpan(input))
}

/** The headers of the span around this call. Empty while traces are off. */
export function traceHeaders(): TraceHeaders {
  return headersOf(trace.getActiveSpan())
}

function startSpan({ name, kind = 'internal', attributes, from }: SpanInput): Span {
  const parent = from === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, from)
  return tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent)
}

function toOpenSpan(span: Span): OpenSpan {
  return {
    get headers() {
      return headersOf(span)
    },
    note: (attributes) => void span.setAttributes(attributes),
    fail(thrown) {
      const code = codeOf(thrown)
      span.setAttribute('error.type', code)
      span.setStatus({ code: SpanStatusCode.ERROR, message: code })
    },
    end: () => span.end(),
  }
}

function headersOf(span: Span | undefined): TraceHeaders {
  const headers: { traceparent?: string; tracestate?: string } = {}
  if (span !== undefined) propagation.inject(trace.setSpan(ROOT_CONTEXT, span), headers)
  return headers
}

/** A message may quote what a plugin or a caller sent; a code is ours. */
function codeOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  if (thrown instanceof GleanerError) return thrown.code
  return thrown instanceof Error ? thrown.name : 'unknown'
}

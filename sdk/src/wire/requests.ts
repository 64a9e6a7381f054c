import type { JsonObject } from '../json.ts'
import type { KnownCell, MeasuredApi } from '../plan.ts'
import { ProtoReader } from './proto-reader.ts'
import { eachField, readStruct } from './read-struct.ts'

/** What every request of the plugin protocol holds: some of these objects. One that was not sent is empty. */
export type PluginRequest = RequestObjects & {
  /** What the inventory holds; told by the extension service alone. */
  readonly known: readonly KnownCell[]
  /** What earlier runs have measured; told by the extension service alone. */
  readonly measured: readonly MeasuredApi[]
}

type RequestObjects = {
  readonly options: JsonObject
  readonly secretData: JsonObject
  readonly filter: JsonObject
  readonly taskOptions: JsonObject
}

type FieldNames = Readonly<Record<number, keyof RequestObjects | 'known' | 'measured'>>

/**
 * The field numbers of each request. They are read by hand, because the runtime for generated code takes a
 * third of the time in which a plugin has to start. The tests compare with the generated code.
 */
export const REQUESTS = {
  init: { 1: 'options' },
  verify: { 1: 'options', 2: 'secretData' },
  collect: { 1: 'options', 2: 'secretData', 3: 'filter', 4: 'taskOptions' },
  extension: { 1: 'options', 2: 'secretData', 3: 'filter', 4: 'taskOptions', 5: 'known', 6: 'measured' },
  get_tasks: { 1: 'secretData', 2: 'options' },
  describe: {},
} as const satisfies Record<string, FieldNames>

/** Decodes a request. Throws MalformedMessage. */
export function decodeRequest(names: FieldNames, bytes: Uint8Array): PluginRequest {
  const known: KnownCell[] = []
  const measured: MeasuredApi[] = []
  const request: PluginRequest = {
    options: {},
    secretData: {},
    filter: {},
    taskOptions: {},
    known,
    measured,
  }
  const reader = new ProtoReader(bytes)
  eachField(reader, (field, wireType) => {
    const name = names[field]
    if (name === undefined || wireType !== 2) reader.skip(wireType)
    else if (name === 'known') known.push(readKnownCell(reader.message()))
    else if (name === 'measured') measured.push(readMeasuredApi(reader.message()))
    else readStruct(reader.message(), request[name])
  })
  return request
}

// KnownCell: group = 1, type = 2, account = 3, region_code = 4, resources = 5.
const CELL_TEXTS = { 1: 'group', 2: 'type', 3: 'account', 4: 'regionCode' } as const
const RESOURCES = 5

function readKnownCell(reader: ProtoReader): KnownCell {
  const cell = { group: '', type: '', account: '', regionCode: '', resources: 0 }
  eachField(reader, (field, wireType) => {
    if (field === RESOURCES && wireType === 0) cell.resources = reader.varint()
    else if (isTextField(field) && wireType === 2) cell[CELL_TEXTS[field]] = reader.text()
    else reader.skip(wireType)
  })
  return cell
}

function isTextField(field: number): field is keyof typeof CELL_TEXTS {
  return Object.hasOwn(CELL_TEXTS, field)
}

// MeasuredApi: api = 1, calls = 2, answer_seconds = 3, busy_seconds = 4, rate = 5, burst = 6.
const MEASURES = { 3: 'answerSeconds', 4: 'busySeconds', 5: 'rate', 6: 'burst' } as const

function readMeasuredApi(reader: ProtoReader): MeasuredApi {
  const measured = { api: '', calls: 0, answerSeconds: 0, busySeconds: 0, rate: 0, burst: 0 }
  eachField(reader, (field, wireType) => {
    if (field === 1 && wireType === 2) measured.api = reader.text()
    else if (field === 2 && wireType === 0) measured.calls = reader.varint()
    else if (isMeasure(field) && wireType === 1) measured[MEASURES[field]] = reader.double()
    else reader.skip(wireType)
  })
  return measured
}

function isMeasure(field: number): field is keyof typeof MEASURES {
  return Object.hasOwn(MEASURES, field)
}

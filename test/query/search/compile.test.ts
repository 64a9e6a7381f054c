import { toJson } from '@bufbuild/protobuf'
import { describe, expect, test } from 'vitest'
import { type Filter, FilterSchema } from '../../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { cloudServiceEntity, cloudServiceSearchFields } from '../../../src/inventory/read/index.ts'
import { compileSearch, SearchError } from '../../../src/query/index.ts'
import { Random } from '../../inventory/decode/support/random.ts'

const SEARCHED = { entity: cloudServiceEntity, names: cloudServiceSearchFields }
const KEYWORDS = cloudServiceEntity.keywords

describe('conditions', () => {
  test.each<[string, readonly string[]]>([
    ['type:instance', ['cloud_service_type contain "instance"']],
    ['type=Instance', ['cloud_service_type eq "Instance"']],
    ['!type:a,b', ['cloud_service_type not_contain_in ["a","b"]']],
    ['group:net', ['cloud_service_group contain "net"']],
    ['name:web', ['name contain "web"']],
    ['name=web', ['name eq "web"']],
    ['name!=web', ['name not "web"']],
    ['name~a,b', ['name contain_in ["a","b"]']],
    ['name!~web', ['name not_contain "web"']],
    ['name:""', ['name eq ""']],
    ['region:eu-1', ['region_code eq "eu-1"']],
    ['region:eu-1,eu-2', ['region_code in ["eu-1","eu-2"]']],
    ['!region:eu-1,eu-2', ['region_code not_in ["eu-1","eu-2"]']],
    ['region~eu', ['region_code contain "eu"']],
    ['region_code:eu-1', ['region_code eq "eu-1"']],
    ['provider:aws', ['provider eq "aws"']],
    ['account:*', ['account exists true']],
    ['!account:*', ['account exists false']],
    ['account:"*"', ['account eq "*"']],
    ['id:cloud-svc-1', ['cloud_service_id eq "cloud-svc-1"']],
    ['resource:i-1', ['reference.resource_id eq "i-1"']],
    ['project:p-1', ['project_id eq "p-1"']],
    ['ip:10.0.0.1,fe80::1', ['ip_addresses in ["10.0.0.1","fe80::1"]']],
    ['ip~10.0.', ['ip_addresses contain "10.0."']],
    ['state:deleted', ['state eq "DELETED"']],
    ['!state:DELETED', ['state not "DELETED"']],
    ['state=deleted', ['state eq "deleted"']],
    ['collector:c-1', ['collection_info.collector_id eq "c-1"']],
    ['kind:EC2/Instance', ['cloud_service_group eq "EC2"', 'cloud_service_type eq "Instance"']],
    [
      'kind=aws/EC2/Instance',
      ['provider eq "aws"', 'cloud_service_group eq "EC2"', 'cloud_service_type eq "Instance"'],
    ],
    ['tag.team=ops', ['tags.*.team eq "ops"']],
    ['tag.team:ops', ['tags.*.team eq "ops"']],
    ['tag.team!=ops', ['tags.*.team not "ops"']],
    ['tag.a.b:x', ['tags.*.a.b eq "x"']],
    ['tag."aws:name":x', ['tags.*.aws:name eq "x"']],
    ['tag.team:*', ['tags.*.team exists true']],
    ['tags.aws.team:ops', ['tags.aws.team eq "ops"']],
    ['data.cores:8', ['data.cores in ["8",8]']],
    ['data.cores:"8"', ['data.cores eq "8"']],
    ['data.cores!=8', ['data.cores not_in ["8",8]']],
    ['data.on:true', ['data.on in ["true",true]']],
    ['data.version:1.10', ['data.version eq "1.10"']],
    ['data.big:9007199254740993', ['data.big eq "9007199254740993"']],
    ['data.big:9007199254740992', ['data.big eq "9007199254740992"']],
    ['data.cores>=8', ['data.cores gte 8']],
    ['data.ratio<1.50', ['data.ratio lt 1.5']],
    ['data.version>"8"', ['data.version gt "8"']],
    ['data.seen>2026-01-02', ['data.seen gt "2026-01-02"']],
    ['instance_size<=2', ['instance_size lte "2"']],
    ['created>=2026-01-02', ['created_at gte "2026-01-02"']],
    ['updated>now-7d', ['updated_at timediff_gt "now-7d"']],
    ['deleted:*', ['deleted_at exists true']],
    ['!web', KEYWORDS.map((path) => `${path} not_contain "web"`)],
    ['!"web server"', KEYWORDS.map((path) => `${path} not_contain "web server"`)],
  ])('%s is %j', (text, filter) => {
    expect(compiled(text)).toEqual({ filter, filterOr: [], keyword: '' })
  })
})

describe('words and alternatives', () => {
  test.each<[string, ReturnType<typeof compiled>]>([
    ['', { filter: [], filterOr: [], keyword: '' }],
    ['web "server" ""', { filter: [], filterOr: [], keyword: 'web server' }],
    [
      'a "web server" type:vm b',
      {
        filter: ['cloud_service_type contain "vm"'],
        filterOr: KEYWORDS.map((path) => `${path} contain "web server"`),
        keyword: 'a b',
      },
    ],
    [
      '!kind:EC2/Instance',
      {
        filter: [],
        filterOr: ['cloud_service_group not "EC2"', 'cloud_service_type not "Instance"'],
        keyword: '',
      },
    ],
  ])('%s', (text, query) => {
    expect(compiled(text)).toEqual(query)
  })
})

describe('a refusal points at what is wrong', () => {
  test.each<[string, string, string]>([
    ['type:x regoin:eu-1', "unknown field 'regoin' at character 8; did you mean region?", 'regoin'],
    ['Type:x', "unknown field 'Type' at character 1; did you mean type?", 'Type'],
    ['pi:x', "unknown field 'pi' at character 1; did you mean ip?", 'pi'],
    ['arn:aws:x', "unknown field 'arn' at character 1; there are type, group, kind", 'arn'],
    ['type.x:y', "unknown field 'type.x' at character 1; did you mean type?", 'type.x'],
    ['constructor:y', "unknown field 'constructor'", 'constructor'],
    ['name.x:y', "'name' is one value", 'name.x'],
    ['a reference.x:y', "has no field 'reference.x' at character 3; there are resource_id", 'reference.x'],
    ['data..x:y', 'has an empty step', 'data..x'],
    ['tag:x', "'tag' without a key at character 1; write tag.KEY", 'tag'],
    ['data:x', "'data' is a whole document at character 1; name what is in it", 'data'],
    ['kind:EC2', "'kind' has 2 to 3 parts at character 6; write kind:Group/Type", 'EC2'],
    ['kind:a/b/c/d', "'kind' has 2 to 3 parts", 'a/b/c/d'],
    ['kind:a/b,c/d', "'kind' takes one value at character 10", 'c/d'],
    ['kind~a/b', "'kind' takes no '~' at character 1", 'kind'],
    ['name:web*', "'*' stands for any value, not for a part of one at character 6; write name~web", 'web*'],
    ['name~*', "'*' stands for any value, not for a part of one at character 6; write name:*", '*'],
    ['updated:2026-01-02', "':' on an instant of time at character 1; write updated>=", 'updated:2026-01-02'],
    ['x updated>soon', "the field holds instants, got 'soon' at character 11; write a date", 'soon'],
    ['updated>now-7y', 'a time relative to now is compared', 'now-7y'],
    ['updated>2026-02-30', 'the field holds instants', '2026-02-30'],
    ['instance_size>big', "the field holds numbers, got 'big' at character 15", 'big'],
    ['instance_size:1,2,x', "the field holds numbers, got 'x'", '1,2,x'],
    ['!data.x>5', "'>' cannot be negated at character 1; write data.x<=5", '!data.x>5'],
    ['data.x>5,6', "'>' compares with one value at character 10", '6'],
    ['"a b" "c d"', 'a second quoted phrase or negated kind at character 7', '"c d"'],
    ['!kind:a/b "c d"', 'a second quoted phrase or negated kind at character 11', '"c d"'],
    ['collection_info:x', 'is not one value', 'x'],
  ])('%s: %s', (text, message, marked) => {
    const refusal = refusalOf(text)
    expect(refusal.message).toContain(message)
    const { position, length } = refusal
    expect([...text].slice(position - 1, position - 1 + length).join('')).toBe(marked)
    expect(refusal).toMatchObject({ kind: 'invalid', code: 'ERROR_SEARCH_SYNTAX' })
  })

  test('with a line of carets below the text', () => {
    expect(refusalOf('type:x regoin:eu-1 y').message.split('\n').slice(1)).toEqual([
      '  type:x regoin:eu-1 y',
      '         ^^^^^^',
    ])
  })

  test('in columns, where characters are wide, need two units, or take no column', () => {
    expect(refusalOf('名😀 a\tb\u202e x:y').message.split('\n').slice(1)).toEqual([
      '  名😀 a b· x:y',
      '  \u3000\u3000      ^',
    ])
  })

  test('in a part of the text, where the text is long', () => {
    const text = `${'w '.repeat(300)}x:y ${'z'.repeat(300)}`
    const [, shown = '', carets = ''] = refusalOf(text).message.split('\n')
    expect(shown).toMatch(/^ {2}….*…$/)
    expect(shown.length).toBeLessThan(230)
    expect(shown.charAt(carets.indexOf('^'))).toBe('x')
  })

  test('when each part is fine and all together are too much', () => {
    const many = Array.from({ length: 40 }, (_, at) => `w${at}`).join(' ')
    expect(refusalOf(many)).toMatchObject({ message: expect.stringContaining('40 words'), position: 147 })
    expect(refusalOf('!a '.repeat(400)).message).toContain('2400 conditions')
  })
})

test('any text compiles, or is refused at a place inside it, in a message that fits on the wire', () => {
  const random = new Random(20_260_102)
  let accepted = 0
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: random.below(12) }, () => random.pick(PIECES)).join('')
    try {
      compileSearch(text, SEARCHED)
      accepted++
    } catch (thrown) {
      if (!(thrown instanceof SearchError)) throw new Error(`on ${JSON.stringify(text)}`, { cause: thrown })
      const { position, length, message } = thrown
      expect(position).toBeGreaterThanOrEqual(1)
      expect(position - 1 + length, JSON.stringify(text)).toBeLessThanOrEqual([...text].length)
      expect(message.length).toBeLessThan(2_000)
    }
  }
  // Neither answer is the rare one.
  expect(accepted).toBeGreaterThan(2_000)
  expect(accepted).toBeLessThan(18_000)
})

const PIECES = [
  ...[
    ' ',
    ' ',
    ' ',
    '  ',
    '\t',
    ':',
    ':',
    '=',
    '~',
    '!=',
    '!',
    '>',
    '<=',
    ',',
    '"',
    '"',
    '*',
    '\\',
    '.',
    '/',
  ],
  ...[
    'type',
    'name',
    'kind',
    'tag.',
    'tag.team',
    'data.',
    'data.x',
    'updated',
    'ip',
    'regoin',
    'instance_size',
  ],
  ...['a', 'web', '8', '2026-01-02', 'now-7d', 'EC2/Instance', 'OR', 'true', '__proto__', '名', '😀', 'é'],
  ...['\0', '\ud800', '\udc00', '\u2028', '\u202e', '{}', '()', "'", '$1', '--', 'x'.repeat(500)],
  ...['type:a ', 'name~b ', 'data.x>=8 ', '!state:deleted ', 'word '],
]

function compiled(text: string) {
  const { filter, filterOr, keyword } = compileSearch(text, SEARCHED)
  return { filter: filter.map(shown), filterOr: filterOr.map(shown), keyword }
}

function shown(filter: Filter): string {
  const { keyAlias, operatorAlias } = filter
  const { value } = toJson(FilterSchema, filter) as { readonly value: unknown }
  return `${keyAlias.value} ${operatorAlias.value} ${JSON.stringify(value)}`
}

function refusalOf(text: string): SearchError {
  try {
    compileSearch(text, SEARCHED)
  } catch (thrown) {
    if (thrown instanceof SearchError) return thrown
    throw thrown
  }
  throw new Error('the text was accepted')
}

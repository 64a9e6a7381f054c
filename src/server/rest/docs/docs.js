// Runs in the browser. Everything shown goes through textContent: descriptions and answers are text, never markup.

const api = await (await fetch('/openapi.json')).json()
const schemas = api.components.schemas

document.getElementById('version').textContent = `Version ${api.info.version}`
document.getElementById('services').replaceChildren(...api.tags.map(serviceLink))
document
  .getElementById('methods')
  .replaceChildren(
    element('p', { className: 'text' }, api.info.description),
    ...api.tags.flatMap(serviceSection),
  )

function serviceLink(tag) {
  return element('a', { href: `#${tag.name}` }, shortName(tag.name))
}

function serviceSection(tag) {
  const methods = Object.entries(api.paths).filter(([, item]) =>
    (item.post ?? item.get).tags?.includes(tag.name),
  )
  return [
    element('h2', { id: tag.name }, tag.name),
    element('p', { className: 'text' }, tag.description),
    ...methods.map(([path, item]) => methodDetails(path, item)),
  ]
}

function methodDetails(path, { post, get }) {
  const method = post ?? get
  const details = element('details', {})
  details.append(
    element('summary', {}, element('code', {}, `${post ? 'POST' : 'GET'} ${path}`), ` ${method.summary}`),
  )
  // Built when opened: all methods at once are thousands of rows.
  details.addEventListener(
    'toggle',
    () => details.append(post ? methodBody(path, post) : streamBody(path, get)),
    { once: true },
  )
  return details
}

function methodBody(path, method) {
  const input = schemaOf(method.requestBody.content)
  const output = schemaOf(method.responses[200].content)
  return element(
    'div',
    { className: 'body' },
    element('p', { className: 'text' }, method.description),
    element('h3', {}, 'Request'),
    fieldTable(input),
    element('h3', {}, 'Answer'),
    fieldTable(output),
    element('h3', {}, 'Errors'),
    errorTable(method.responses),
    element('h3', {}, 'Try it'),
    tryForm(path, input),
  )
}

function streamBody(path, method) {
  const fields = method.parameters.map(({ name, description, schema }) => [name, { ...schema, description }])
  return element(
    'div',
    { className: 'body' },
    element('p', { className: 'text' }, method.description),
    element('h3', {}, 'Parameters'),
    fieldTable({ properties: Object.fromEntries(fields) }),
    element('h3', {}, 'Each event'),
    fieldTable(schemaOf(method.responses[200].content)),
    element('h3', {}, 'Errors'),
    errorTable(method.responses),
    element('h3', {}, 'Try it'),
    element('pre', {}, `curl -N 'http://${location.host}${path}?domain_id=…'`),
  )
}

function fieldTable(schema) {
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length === 0) return element('p', {}, 'No fields.')
  const rows = fields.map(([name, field]) =>
    row(element('code', {}, name), typeOf(field), field.description ?? ''),
  )
  return element('table', {}, headRow('Field', 'Type', 'Meaning'), ...rows)
}

function errorTable(responses) {
  const errors = Object.entries(responses).filter(([status]) => status !== '200')
  const rows = errors.map(([status, { $ref }]) => row(status, resolve($ref).description))
  return element('table', {}, headRow('Status', 'Meaning'), ...rows)
}

function tryForm(path, schema) {
  const request = element('textarea', { rows: 8, spellcheck: false, ariaLabel: 'Request body' })
  const answer = element('pre', { ariaLive: 'polite' })
  const button = element('button', { type: 'button' }, 'Send')
  request.value = JSON.stringify(exampleOf(schema), null, 2)
  button.addEventListener('click', async () => {
    button.disabled = true
    answer.textContent = await send(path, request.value)
    button.disabled = false
  })
  return element('div', {}, request, button, answer)
}

async function send(path, body) {
  try {
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(path, { method: 'POST', headers, body })
    const text = await response.text()
    return `${response.status}\n${pretty(text)}`
  } catch (error) {
    return `no answer: ${error.message}`
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function exampleOf(schema) {
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) =>
    /^(domain_id|[a-z_]+_id)$/.test(name),
  )
  return Object.fromEntries(fields.map(([name]) => [name, name === 'domain_id' ? 'domain-000000000001' : '']))
}

function typeOf(field) {
  if (field.type === 'array') return `list of ${typeOf(field.items)}`
  if (!field.$ref) return field.format ?? field.type ?? 'any value'
  const schema = resolve(field.$ref)
  return schema.enum ? schema.enum.join(' | ') : shortName(field.$ref)
}

function schemaOf(content) {
  return resolve((content['application/json'] ?? content['text/event-stream']).schema.$ref)
}

function resolve(ref) {
  const [, , section, name] = ref.split('/')
  return section === 'schemas' ? schemas[name] : api.components[section][name]
}

function shortName(name) {
  return name.split('.').at(-1)
}

function row(...cells) {
  return element('tr', {}, ...cells.map((cell) => element('td', { className: 'text' }, cell)))
}

function headRow(...cells) {
  return element('tr', {}, ...cells.map((cell) => element('th', {}, cell)))
}

function element(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties)
  node.append(...children)
  return node
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'

/**
 * A web site of somebody else on this machine, whose one page does what it is told to; `/to` redirects,
 * keeping the method.
 */
export async function startForeignSite(): Promise<number> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://foreign')
    if (pathname === '/to') response.writeHead(307, { location: searchParams.get('url') ?? '/' }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>foreign</title>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

/**
 * Everything that a page can do to a server that it does not come from: returns how many ways it tried, and
 * what it came to read. What it wants to write is `write.body` to `write.path`.
 */
export function attackFrom(
  own: string,
  target: string,
  write: { readonly path: string; readonly body: string },
  read: readonly string[],
): string {
  return `(async () => {
    const target = ${JSON.stringify(target)}, own = ${JSON.stringify(own)}, write = ${JSON.stringify(write)}
    const to = target + write.path
    const half = write.body.slice(0, -1)
    const ways = []
    const way = (act) => ways.push(act)
    const text = (answer) => answer.text()
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain;application/json'])
      for (const mode of ['no-cors', 'cors'])
        for (const credentials of ['omit', 'include'])
          way(() => fetch(to, { method: 'POST', mode, credentials, body: write.body, headers: { 'content-type': type } }).then(text))
    for (const method of ['PUT', 'PATCH', 'DELETE']) way(() => fetch(to, { method, body: write.body }).then(text))
    way(() => fetch(own + '/to?url=' + encodeURIComponent(to), { method: 'POST', body: write.body, headers: { 'content-type': 'text/plain' } }).then(text))
    way(() => fetch(own + '/to?url=' + encodeURIComponent(to), { method: 'POST', mode: 'no-cors', body: write.body }).then(text))
    for (const withCredentials of [false, true])
      way(() => new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open('POST', to)
        request.withCredentials = withCredentials
        request.onload = () => resolve(request.responseText)
        request.onerror = reject
        request.send(write.body)
      }))
    for (const type of ['text/plain', 'application/json'])
      way(async () => (navigator.sendBeacon(to, new Blob([write.body], { type })), ''))
    for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      way(() => inFrame((frame) => {
        const form = Object.assign(document.createElement('form'), { action: to, method: 'post', enctype, target: frame.name })
        const input = Object.assign(document.createElement('input'), { name: half + ',"tags":{"x":"', value: '"}}' })
        form.append(input)
        document.body.append(form)
        form.submit()
      }))
    way(async () => {
      const link = Object.assign(document.createElement('a'), { href: '#', ping: to })
      document.body.append(link)
      link.click()
      return ''
    })
    way(() => new Promise((resolve, reject) => {
      const socket = new WebSocket(target.replace('http', 'ws') + write.path)
      socket.onopen = () => resolve('a web socket')
      socket.onerror = reject
    }))
    for (const path of ${JSON.stringify(read)}) {
      way(() => fetch(target + path).then(text))
      way(() => fetch(target + path, { mode: 'no-cors' }).then(text))
      way(() => inFrame((frame) => { frame.src = target + path }))
      way(() => import(target + path).then(String))
      for (const [name, from] of [['img', 'src'], ['script', 'src'], ['link', 'href'], ['video', 'src'], ['object', 'data']])
        way(() => new Promise((resolve, reject) => {
          const element = document.createElement(name)
          if (name === 'link') element.rel = 'stylesheet'
          element.onload = () => resolve(name === 'img' ? 'a picture' : name === 'link' && document.styleSheets.length > 0 ? [...element.sheet.cssRules].map(String).join() : '')
          element.onerror = reject
          element[from] = target + path
          document.body.append(element)
        }))
      way(() => new Promise((resolve, reject) => {
        const source = new EventSource(target + path)
        source.onopen = () => { source.close(); resolve('a stream') }
        source.onerror = () => { source.close(); reject() }
      }))
    }
    function inFrame(act) {
      return new Promise((resolve, reject) => {
        const frame = document.createElement('iframe')
        frame.name = 'frame-' + Math.random()
        document.body.append(frame)
        frame.onload = () => {
          try { resolve(frame.contentDocument.body.textContent) } catch { reject() }
        }
        act(frame)
      })
    }
    const found = await Promise.all(ways.map((act) => act().then(String, () => '')))
    return { ways: ways.length, read: found.join('') }
  })()`
}

/** What would run, load or open something if it were anything but text. */
export const MARKUP: readonly string[] = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '--><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>',
  '<iframe src=javascript:alert(1)>',
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '<object data=javascript:alert(1)>',
  '<embed src=javascript:alert(1)>',
  '<a href=javascript:alert(1)>x</a>',
  '<form action=javascript:alert(1)><button>x',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>',
  '<audio src=x onerror=alert(1)>',
  '<body onload=alert(1)>',
  '<base href=http://foreign.test/>',
  '<link rel=stylesheet href=http://foreign.test/a.css>',
  '<link rel=import href=http://foreign.test/a.html>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<style>@import "http://foreign.test/a.css"</style>',
  '<img src=http://foreign.test/a.png>',
  '<div style="background:url(http://foreign.test/b.png)">',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  'javascript:alert(1)',
  ' \tjava\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '${' + 'alert(1)}',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u202e<script>alert(1)</script>',
  '<scr\u0131pt>alert(1)</scr\u0131pt>',
]

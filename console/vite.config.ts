import { defineConfig } from 'vite'

/** Where `npm run dev` finds a running server. */
const SERVER = process.env.GLEANER_URL ?? 'http://127.0.0.1:8080'

/** The server lets only its own pages write; what comes from this one is passed on as one of those. */
const proxied = { target: SERVER, changeOrigin: true, headers: { origin: SERVER } }

// JSX is compiled by what Vite comes with; nothing here needs a plugin.
export default defineConfig({
  base: '/',
  build: {
    target: 'es2023',
    assetsDir: 'assets',
    // Nothing inline: the pages allow no such thing.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '^/(inventory|gleaner|repository|secret|identity)/': proxied,
      '/check': proxied,
      '/openapi.json': proxied,
    },
  },
})

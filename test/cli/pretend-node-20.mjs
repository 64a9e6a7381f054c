// Loaded before the launcher, so that it takes the way it takes under an old Node.
Object.defineProperty(process.versions, 'node', { value: '20.18.0' })

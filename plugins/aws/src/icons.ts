/** What a heading looks like: paths on a grid of 24, drawn by this project. */
const SHAPES: Readonly<Record<string, string>> = {
  Compute: 'M5 5h14v14H5zM9 9h6v6H9zM9 2v3M15 2v3M9 19v3M15 19v3M2 9h3M2 15h3M19 9h3M19 15h3',
  Storage: 'M4 6l2 14h12l2-14M4 6a8 3 0 0 0 16 0a8 3 0 0 0-16 0',
  Database: 'M4 5a8 3 0 0 0 16 0a8 3 0 0 0-16 0v14a8 3 0 0 0 16 0V5M4 12a8 3 0 0 0 16 0',
  Networking: 'M12 3v6M12 15v6M3 12h6M15 12h6M9 9h6v6H9z',
  Security: 'M12 2l8 3v6c0 5-3 9-8 11c-5-2-8-6-8-11V5zM9 12l2 2l4-4',
  Container: 'M3 7l9-4l9 4v10l-9 4l-9-4zM3 7l9 4l9-4M12 11v10',
  Management: 'M3 20V4M3 20h18M7 16l4-5l3 3l5-7',
  'Application Integration': 'M3 6h6v6H3zM15 12h6v6h-6zM9 9h3v6h3',
}

const DEFAULT = 'M4 4h16v16H4z'

/** An icon as a data address, so that no console has to ask another host for it. */
export function iconOf(label: string): string {
  const shape = SHAPES[label] ?? DEFAULT
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#d86613" stroke-width="1.5"><path d="${shape}"/></svg>`
  return `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`
}

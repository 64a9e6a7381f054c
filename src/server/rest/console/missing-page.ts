/** What `/` says where no console was built. */
export const MISSING_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gleaner</title>
<h1>Gleaner runs, but its console was not built</h1>
<p>The API answers as ever: <a href="/docs">its methods</a>. Nothing that was collected is concerned.</p>
<p><code>npm start</code> builds the console, and says why when it cannot; so does <code>npm run build:console</code>. Start the
server again afterwards.</p>
</html>
`

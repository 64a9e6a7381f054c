/** Of the sources that run: `.ts` in a clone, `.js` in the package that `npm run pack` builds of it. */
export const SOURCE_SUFFIX = import.meta.filename.endsWith('.js') ? '.js' : '.ts'

/** True in that package; false in a clone. */
export const IS_PACKAGED = SOURCE_SUFFIX === '.js'

/** How the server is started here, without and with options. */
export const START_COMMAND = IS_PACKAGED ? 'gleaner-server' : 'npm start'
export const START_WITH_OPTIONS = IS_PACKAGED ? 'gleaner-server' : 'npm start --'

/** How the command line is called here. */
export const COMMAND_LINE = IS_PACKAGED ? 'gleaner' : 'npx gleaner'

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One file of a package. */
export type PackedFile = { readonly bytes: Uint8Array; readonly isProgram: boolean }

/** The files of a package, by their path in it. */
export type PackedFiles = ReadonlyMap<string, PackedFile>

export function textFile(text: string): PackedFile {
  return { bytes: Buffer.from(text), isProgram: false }
}

export function jsonFile(value: object): PackedFile {
  return textFile(`${JSON.stringify(value, null, 2)}\n`)
}

export function fileFrom(path: string): PackedFile {
  return { bytes: readFileSync(path), isProgram: false }
}

/** The paths of all files below a folder, from there. */
export function listBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** The files below a folder as they are, put below another one. */
export function filesBelow(folder: string, target: string): readonly (readonly [string, PackedFile])[] {
  return listBelow(folder).map((path) => [`${target}/${path}`, fileFrom(join(folder, path))])
}

/** One build configuration, a target a mode: `renderer`, `main`, `preload`, `backend`. electron/tools/build.mjs runs them. */
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { workerSources } from './electron/backend/workers/start-worker.js'
import packageJson from './package.json' with { type: 'json' }

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** The oldest Electron that the app runs on is 33: Chromium 130, Node 20.18. */
const oldestBrowser = 'chrome130'
const oldestNode = 'node20.18'

const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), /^node:/]
/** What stays in node_modules of the package: it loads WebAssembly, data files or native code by path. */
const runtimeDependencies = Object.keys(packageJson.dependencies).flatMap((name) => [name, new RegExp(`^${name}/`)])

const renderer: UserConfig = {
  root: path('renderer'),
  base: '/',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: path('dist/renderer'),
    emptyOutDir: true,
    target: oldestBrowser,
    sourcemap: true,
    // The content security policy allows no inline script and no data: font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
}

/** Code for Node or Electron: ESM, everything bundled but the runtime dependencies, all files of a target in one flat folder. */
function nodeTarget(entries: Record<string, string>, outDir: string, format: 'es' | 'cjs'): UserConfig {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  return {
    root: path('.'),
    publicDir: false,
    // `ssr` is Vite's word for code that runs outside a browser.
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: path(outDir),
      emptyOutDir: true,
      target: oldestNode,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, path(source)])),
        external: ['electron', ...builtins, ...runtimeDependencies],
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `[name]-[hash].${extension}`, exports: 'named' },
      },
    },
  }
}

const targets: Record<string, () => UserConfig> = {
  renderer: () => renderer,
  main: () => nodeTarget({ main: 'electron/main/main.ts' }, 'dist/main', 'es'),
  // A sandboxed preload is one CommonJS file and may require 'electron' only.
  preload: () => nodeTarget({ preload: 'electron/main/preload.ts' }, 'dist/preload', 'cjs'),
  backend: () =>
    nodeTarget(
      {
        process: 'electron/backend/process.ts',
        serve: 'electron/backend/serve.ts',
        ...Object.fromEntries(Object.entries(workerSources).map(([name, source]) => [name, `electron/backend/${source}`])),
      },
      'dist/backend',
      'es',
    ),
}

export default defineConfig(({ mode, command }) => {
  const target = targets[mode]
  if (target) return target()
  if (command === 'serve') return renderer
  throw new Error(`Unknown build target "${mode}": choose one of ${Object.keys(targets).join(', ')}`)
})

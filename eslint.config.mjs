/** Lint: strict types, the layers of the house, accessibility and untranslated text. A broken rule fails the build. */
import i18next from 'eslint-plugin-i18next'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Backend domains: each reaches another through its exported service, never through its tables. */
const domains = ['accounts', 'chat', 'conversations', 'documents', 'feedback', 'knowledge', 'memory', 'privacy', 'providers', 'settings', 'system', 'triage']

const noElectron = { name: 'electron', message: 'Only electron/main may import electron.' }

/** Forbids imports by pattern, with a sentence that says where the code belongs. */
const layer = (files, patterns, paths = [noElectron], ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
})

const outside = {
  renderer: { group: ['**/renderer/**', '../renderer/*'], message: 'Only the renderer imports the renderer.' },
  backend: { group: ['**/backend/**', '../backend/*'], message: 'The backend is reached through the contract or its entry.' },
  main: { group: ['**/electron/main/**', '**/main/*.js'], message: 'Only the shell imports the shell.' },
  electron: { group: ['**/electron/**'], message: 'shared and renderer know nothing of Electron or the backend.' },
}
const rawIpc = ['ipcMain', 'ipcRenderer', 'MessageChannelMain']

export default tseslint.config(
  { ignores: ['dist/**', 'release/**', 'node_modules/**', 'resources/**', 'test-results/**', 'playwright-report/**', 'docs/**'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  layer(['shared/**/*.ts'], [outside.electron, outside.renderer, { regex: '^(?!zod$|\\.)', message: 'shared imports nothing but zod.' }], [noElectron], ['**/*.test.ts']),
  layer(['renderer/**/*.{ts,tsx}'], [outside.electron], [noElectron, { name: 'node:fs', message: 'The window has no Node.' }], ['**/*.test.{ts,tsx}']),
  layer(['electron/main/**/*.ts'], [
    outside.renderer,
    { regex: 'backend/(?!process-messages\\.js$)', message: 'The shell knows the backend by its process messages alone.' },
  ], [], ['**/*.test.ts']),
  {
    files: ['electron/main/**/*.ts'],
    ignores: ['electron/main/window-port.ts', 'electron/main/preload.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', { selector: `ImportSpecifier[imported.name=/^(${rawIpc.join('|')})$/]`, message: 'Raw ipc lives in window-port.ts and preload.ts alone.' }],
    },
  },
  ...domains.map((domain) =>
    layer(
      [`electron/backend/${domain}/**/*.ts`],
      [outside.renderer, outside.main, ...domains.filter((other) => other !== domain).map((other) => ({ group: [`**/${other}/**/tables.js`, `**/${other}/tables.js`], message: 'A domain reaches another through its service, never its tables.' }))],
      [noElectron],
      ['**/*.test.ts'],
    ),
  ),
  layer(['electron/backend/*.ts', 'electron/backend/{database,keys,logging,transport,workers}/**/*.ts'], [outside.renderer, outside.main], [noElectron], ['**/*.test.ts']),
  {
    files: ['renderer/**/*.tsx'],
    plugins: { ...jsxA11y.flatConfigs.strict.plugins, 'react-hooks': reactHooks, i18next },
    rules: {
      ...jsxA11y.flatConfigs.strict.rules,
      ...reactHooks.configs.recommended.rules,
      // The React Compiler is not used, so what it would have to skip does not matter.
      'react-hooks/incompatible-library': 'off',
      'i18next/no-literal-string': ['error', { mode: 'jsx-only', 'jsx-attributes': { include: ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'] } }],
    },
  },
  // Inner loops over typed arrays: every index is within the bounds that the loop itself checks, and a check for undefined would cost as much as the sum.
  { files: ['electron/backend/knowledge/search/{vector-table,keyword-index,passage-scorer,posting-lists,term-dictionary,word-table}.ts', 'electron/backend/knowledge/search/kernel/scalar-row-kernel.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    files: ['**/*.test.{ts,tsx}', 'electron/e2e/**/*.ts', 'electron/tools/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off', 'i18next/no-literal-string': 'off' },
  },
)

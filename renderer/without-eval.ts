/** Before any schema is built: zod must not try to compile code, which the window's content security policy forbids and reports. */
import { z } from 'zod'

z.config({ jitless: true })

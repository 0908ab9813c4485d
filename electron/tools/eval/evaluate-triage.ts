/** The triage rules over labelled utterances, each as the only turn of a conversation. */
import path from 'node:path'
import { TriageService } from '../../backend/triage/triage-service.js'
import { readRedFlags } from './evaluation-sets.js'
import { projectFolder } from './project-folder.js'

export interface TriageFigures {
  set: 'redflags'
  name: string
  lang: 'en' | 'fr'
  emergency_recall: number
  false_alarm: number
  missed_as_routine: number
  counts: { emergencies: number; caught: number; urgent: number; urgentByLevel: Record<'emergency' | 'urgent' | 'routine', number>; routine: number; falseAlarms: number; routineAsUrgent: number }
}

/** Figures by language of one file. */
export async function evaluateTriage(file: string): Promise<TriageFigures[]> {
  const triage = await TriageService.load(path.join(projectFolder, 'data', 'triage'))
  const assessed = readRedFlags(file).map((item) => ({ ...item, found: triage.assess([{ role: 'user', content: item.text }], item.lang).level }))
  return (['en', 'fr'] as const).flatMap((lang) => {
    const of = (level: string): typeof assessed => assessed.filter((item) => item.lang === lang && item.level === level)
    const [emergencies, urgent, routine] = [of('emergency'), of('urgent'), of('routine')]
    const count = (items: typeof assessed, found: string): number => items.filter((item) => item.found === found).length
    if (emergencies.length + urgent.length + routine.length === 0) return []
    const caught = count(emergencies, 'emergency')
    const falseAlarms = count(routine, 'emergency')
    return [
      {
        set: 'redflags' as const,
        name: path.basename(file, '.jsonl'),
        lang,
        emergency_recall: caught / Math.max(1, emergencies.length),
        false_alarm: falseAlarms / Math.max(1, routine.length),
        missed_as_routine: count(emergencies, 'routine'),
        counts: {
          emergencies: emergencies.length,
          caught,
          urgent: urgent.length,
          urgentByLevel: { emergency: count(urgent, 'emergency'), urgent: count(urgent, 'urgent'), routine: count(urgent, 'routine') },
          routine: routine.length,
          falseAlarms,
          routineAsUrgent: count(routine, 'urgent'),
        },
      },
    ]
  })
}

import { useState } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../../app/services.js'
import { SetUpScreen } from '../administration/set-up-screen.js'
import { SignInScreen } from '../account/sign-in-screen.js'
import { SignUpScreen } from '../account/sign-up-screen.js'
import { WelcomeScreen } from './welcome-screen.js'

export type EntryScreen = 'welcome' | 'sign-in' | 'sign-up' | 'set-up'

/** What is shown while nobody is signed in. A locked or expired session of a workstation leads straight to signing in again. */
export function EntryScreens() {
  const { session, device } = useServices()
  const { endReason, endedGuest } = useStore(session.state)
  const kiosk = useStore(device, (state) => state.info?.kiosk === true)
  const [screen, setScreen] = useState<EntryScreen>(endReason !== null && endReason !== 'left' && !kiosk && !endedGuest ? 'sign-in' : 'welcome')
  const goTo = (next: EntryScreen): void => {
    session.clearEndReason()
    setScreen(next)
  }
  const back = (): void => goTo('welcome')
  if (screen === 'sign-in') return <SignInScreen onBack={back} onSignUp={() => goTo('sign-up')} />
  if (screen === 'sign-up') return <SignUpScreen onBack={back} onSignIn={() => goTo('sign-in')} />
  if (screen === 'set-up') return <SetUpScreen onBack={back} />
  return <WelcomeScreen onGo={goTo} />
}

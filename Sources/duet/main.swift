internal import CEdit
internal import Foundation

duet_occupy_standard_descriptors()
// Signals are taken over before there is a second thread; everything else happens on a large stack.
Interrupt.listen()
exit(LargeStack.run { Program.run(Array(CommandLine.arguments.dropFirst())) })

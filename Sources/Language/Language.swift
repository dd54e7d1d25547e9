// Language: from a script's text to what it does, knowing nothing of what its values are for.
//
// - `Syntax`: text to tokens to a tree; an unfinished text is told from a wrong one
// - `Names`: names to places, all that are not bound at once
// - `Code`: the tree to instructions for a register machine
// - `Runtime`: the machine, calls, contracts, members, printing; `FrameStack` alone holds raw memory
// - `Values`: what a script can hold; lists and records are values, shared until they are changed
// - `Builtins`: the words that need no engine
// - `Host`: how others add natives, types and objects, and their errors
// - `Session`: texts one after the other, completion, help, checking without running
// - `Diagnostics`: messages with place, help and the chain of calls
//
// The target imports nothing, not even Foundation.

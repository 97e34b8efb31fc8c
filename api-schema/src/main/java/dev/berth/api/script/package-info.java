/// The language of container scripts (Dockerfiles): text in, stages of instructions out, with the
/// place of every word, so that an error points at it. `Script.parse` reports everything that is
/// wrong at once, and what is not supported is refused by name, never passed over. Pure, bounded in
/// time and memory for any text: the CLI reads a script with it before anything is sent, the agent
/// before it builds. What the instructions do is the agent's concern.
@NullMarked
package dev.berth.api.script;

import org.jspecify.annotations.NullMarked;

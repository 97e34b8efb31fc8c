/// Other people's clients, as they are released, each with the commands that its users type. They
/// run in a test host, every version on a thread and in a Kubernetes namespace of its own, and
/// `docs/kubectl.md` is made of what came of it. Not a word of the page is typed.
@NullMarked
package dev.berth.e2e.clients;

import org.jspecify.annotations.NullMarked;

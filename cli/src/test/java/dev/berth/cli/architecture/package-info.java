/// The house rules, checked: the picture in `docs/architecture.puml` and a handful of one-line
/// rules.
@NullMarked
package dev.berth.cli.architecture;

import org.jspecify.annotations.NullMarked;

/// How answers travel: tags that let a browser keep what it has, and gzip.
@NullMarked
package dev.berth.dashboard.wire;

import org.jspecify.annotations.NullMarked;

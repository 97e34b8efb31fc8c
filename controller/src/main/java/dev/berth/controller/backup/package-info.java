/// One file that holds all that the controller must not lose: the store, the keys, and on request
/// the images. Owns the file's format: a gzip'd tar of plain files whose last entry names the
/// checksum of every other one, so that a cut or damaged file is known as such. Invariant: what is
/// written comes from one snapshot of the running store, and what is read is believed only after
/// the last entry. The writer is called on a request's thread, the reader by `Restore`.
@NullMarked
package dev.berth.controller.backup;

import org.jspecify.annotations.NullMarked;

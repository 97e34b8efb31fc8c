package dev.berth.controller.storage;

/// How values look on the disk. In memory all are open. Used by whoever opens the store, then by
/// its writer.
public interface Sealing {
  /// Everything lies open.
  Sealing NONE =
      new Sealing() {
        @Override
        public byte[] seal(String key, byte[] value) {
          return value;
        }

        @Override
        public byte[] open(String key, byte[] stored) {
          return stored;
        }

        @Override
        public boolean isCurrent(String key, byte[] stored) {
          return true;
        }
      };

  /// What is written for a value.
  ///
  /// @throws StoreException when there is no key and none can be made
  byte[] seal(String key, byte[] value);

  /// The value that was written so.
  ///
  /// @throws StoreException naming the fix, when the key is not there or does not fit
  byte[] open(String key, byte[] stored);

  /// Whether [#seal] would do it the same way; false for what lies open and should not, or under an
  /// older key.
  boolean isCurrent(String key, byte[] stored);
}

package dev.berth.controller.storage;

/// A store that forgets everything at exit and commits on the caller's thread: what the simulation
/// and tests run on.
public final class InMemoryStore extends CoreStore {
  public InMemoryStore() {
    this(HISTORY);
  }

  public InMemoryStore(int history) {
    super(new MvccCore(history, HISTORY_BYTES));
  }

  @Override
  public synchronized Outcome commit(Mutation mutation) {
    MvccCore.Batch batch = core.begin();
    Outcome outcome = batch.decide(mutation);
    core.apply(batch);
    return outcome;
  }

  @Override
  public void close() {}
}

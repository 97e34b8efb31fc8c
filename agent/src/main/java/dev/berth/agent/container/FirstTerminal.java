package dev.berth.agent.container;

import java.util.List;

/// The terminal that a container begins with, as lists of system calls.
///
/// It has to be one of the container's own devpts, or nothing in it could name it, and its keeper
/// has to hold the master, or it would end with the agent. So the keeper makes the file system
/// before there is a container (mount API of Linux 5.2: a mount that is nowhere yet), opens a
/// terminal in it, and the child puts that mount where it belongs.
///
/// The keeper holds the slave too: without it a program that closes its terminal and opens it again
/// would hang it up meanwhile.
final class FirstTerminal {
  private static final int CONTEXT = 10;
  private static final int MOUNT = 11;
  private static final int OPENED = 12;

  private static final int SET_FLAG = 0;
  private static final int SET_STRING = 1;
  private static final int CREATE = 6;

  /// MOUNT_ATTR_NOSUID and MOUNT_ATTR_NOEXEC.
  private static final int ATTRIBUTES = 2 | 8;

  private static final int FROM_EMPTY_PATH = 4;
  private static final int AT_FDCWD = -100;

  /// O_RDWR and O_NOCTTY.
  private static final int FLAGS = 2 | 0400;

  /// TIOCSPTLCK, TIOCGPTPEER, TIOCSCTTY.
  private static final long LOCK = 0x40045431L;

  private static final int PEER = 0x5441;
  private static final int CONTROLLING = 0x540E;
  private static final int TTY_GROUP = 5;

  private FirstTerminal() {}

  /// In the keeper: master and slave become the descriptors that it keeps.
  static List<Op> make(User owner) {
    Op.Arg context = new Op.Arg.Register(CONTEXT);
    Op.Arg opened = new Op.Arg.Register(OPENED);
    int master = Compiler.FdPlan.OUT;
    int slave = Compiler.FdPlan.IN;
    return List.of(
        Op.of("terminals", Nr.FSOPEN, "devpts", 0).to(CONTEXT),
        Op.of("terminals newinstance", Nr.FSCONFIG, context, SET_FLAG, "newinstance", 0, 0),
        Op.of("terminals ptmxmode", Nr.FSCONFIG, context, SET_STRING, "ptmxmode", "0666", 0),
        Op.of("terminals mode", Nr.FSCONFIG, context, SET_STRING, "mode", "0620", 0),
        Op.of("terminals gid", Nr.FSCONFIG, context, SET_STRING, "gid", "" + TTY_GROUP, 0),
        Op.of("terminals create", Nr.FSCONFIG, context, CREATE, 0, 0, 0),
        Op.of("terminals mount", Nr.FSMOUNT, context, 0, ATTRIBUTES).to(MOUNT),
        Op.of("terminal", Nr.OPENAT, new Op.Arg.Register(MOUNT), "ptmx", FLAGS, 0).to(OPENED),
        Op.of("terminal master", Nr.DUP3, opened, master, 0),
        Op.of("terminal close", Nr.CLOSE, opened),
        Op.of("terminal unlock", Nr.IOCTL, master, LOCK, new byte[4]),
        Op.of("terminal slave", Nr.IOCTL, master, PEER, FLAGS).to(OPENED),
        Op.of("terminal held", Nr.DUP3, opened, slave, 0),
        Op.of("terminal close", Nr.CLOSE, opened),
        Op.of("terminal owner", Nr.FCHOWN, slave, owner.uid(), TTY_GROUP));
  }

  /// In the child, which leads its session already.
  static List<Op> take() {
    int slave = Compiler.FdPlan.IN;
    return List.of(
        Op.of("terminal input", Nr.DUP3, slave, 0, 0),
        Op.of("terminal output", Nr.DUP3, slave, 1, 0),
        Op.of("terminal errors", Nr.DUP3, slave, 2, 0),
        Op.of("controlling terminal", Nr.IOCTL, 0, CONTROLLING, 0));
  }

  /// In the child, where the container's root is being made: its terminals.
  static List<Op> mount() {
    return List.of(
        Op.of(
            "devpts",
            Nr.MOVE_MOUNT,
            new Op.Arg.Register(MOUNT),
            "",
            AT_FDCWD,
            "dev/pts",
            FROM_EMPTY_PATH));
  }
}

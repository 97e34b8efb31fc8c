package dev.berth.agent.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.linux.Seccomp.Instruction;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Runs compiled filters in a small interpreter, and compares each verdict with the profile read
/// rule by rule.
class SeccompTest {
  private static final int X86_64 = 0xC000003E;
  private static final int EPERM = SeccompProfile.errno(1);

  private final SeccompProfile profile = SeccompProfile.standard(Set.of("CAP_SYS_CHROOT"));
  private final List<Instruction> program = Seccomp.instructions(profile);
  private final Map<String, Integer> numbers = table();

  private static Map<String, Integer> table() {
    try {
      return SeccompProfile.table("x86_64");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private int verdict(int machine, int number, long... arguments) {
    int accumulator = 0;
    for (int at = 0; ; at++) {
      Instruction i = program.get(at);
      switch (i.code()) {
        case 0x20 -> accumulator = load(i.k(), machine, number, arguments);
        case 0x54 -> accumulator &= i.k();
        case 0x05 -> at += i.k();
        case 0x15 -> at += accumulator == i.k() ? i.yes() : i.no();
        case 0x25 -> at += Integer.compareUnsigned(accumulator, i.k()) > 0 ? i.yes() : i.no();
        case 0x35 -> at += Integer.compareUnsigned(accumulator, i.k()) >= 0 ? i.yes() : i.no();
        case 0x06 -> {
          return i.k();
        }
        default -> throw new IllegalStateException("code " + i.code());
      }
    }
  }

  private static int load(int offset, int machine, int number, long[] arguments) {
    if (offset < 16) {
      return offset == 0 ? number : machine;
    }
    int index = (offset - 16) / 8;
    long value = index < arguments.length ? arguments[index] : 0;
    return (int) ((offset - 16) % 8 == 0 ? value : value >>> 32);
  }

  private int call(String name, long... arguments) {
    return verdict(X86_64, java.util.Objects.requireNonNull(numbers.get(name), name), arguments);
  }

  @Test
  void everyNumberGetsTheVerdictOfItsRules() {
    for (int number = 0; number < 600; number++) {
      List<SeccompProfile.Rule> rules = profile.calls().getOrDefault(number, List.of());
      if (rules.stream().allMatch(r -> r.conditions().isEmpty())) {
        int expected = rules.isEmpty() ? profile.defaultAction() : rules.getFirst().action();
        assertEquals(expected, verdict(X86_64, number), "call " + number);
      }
    }
  }

  @Test
  void cloneIsAllowedOnlyWithoutNewNamespaces() {
    assertEquals(SeccompProfile.ALLOW, call("clone", 0x1200011));
    assertEquals(EPERM, call("clone", 0x10000011));
    assertEquals(SeccompProfile.errno(38), call("clone3"));
  }

  @Test
  void onlyOrdinarySocketsAreAllowed() {
    assertEquals(SeccompProfile.ALLOW, call("socket", 2, 1, 0));
    assertEquals(SeccompProfile.ALLOW, call("socket", 16, 3, 0));
    assertEquals(EPERM, call("socket", 16, 3, 12));
    assertEquals(EPERM, call("socket", 17, 3, 0));
    assertEquals(EPERM, call("socket", 38, 5, 0));
    assertEquals(EPERM, call("socket", 40, 1, 0));
  }

  @Test
  void typingIntoATerminalIsDeniedWhateverTheHighBitsSay() {
    assertEquals(EPERM, call("ioctl", 0, 0x5412));
    assertEquals(EPERM, call("ioctl", 0, 0xffffffff00005412L));
    assertEquals(SeccompProfile.ALLOW, call("ioctl", 0, 0x5401));
  }

  @Test
  void deviceNodesAreDenied() {
    assertEquals(EPERM, call("mknodat", 0, 0, 0060600, 0));
    assertEquals(EPERM, call("mknod", 0, 0020600, 0));
    assertEquals(SeccompProfile.ALLOW, call("mknod", 0, 0010600, 0));
  }

  @Test
  void otherMachinesAndX32AreRefused() {
    assertEquals(SeccompProfile.KILL_PROCESS, verdict(0x40000003, 1));
    assertEquals(SeccompProfile.errno(38), verdict(X86_64, 0x40000001));
  }
}

package dev.berth.agent.linux;

import dev.berth.agent.linux.SeccompProfile.Condition;
import dev.berth.agent.linux.SeccompProfile.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Compiles a profile to a classic BPF program: a binary tree over ranges of call numbers, and
/// behind it one block for each call whose arguments matter.
///
/// A tree, because the kernel runs the filter once for every number when it is installed (to fill
/// its bitmap of calls that are always allowed), and a linear list costs 0.26 ms of every container
/// start. The machine is checked first and x32 numbers are refused, so that neither of the other
/// two ABIs walks around the filter.
public final class Seccomp {
  private static final int LOAD = 0x20;
  private static final int AND = 0x54;
  private static final int JUMP = 0x05;
  private static final int JEQ = 0x15;
  private static final int JGT = 0x25;
  private static final int JGE = 0x35;
  private static final int RETURN = 0x06;
  private static final int AUDIT_ARCH_X86_64 = 0xC000003E;
  private static final int X32_BIT = 0x40000000;

  /// One instruction; a jump's targets are relative to the next one.
  record Instruction(int code, int yes, int no, int k) {}

  /// From `start` to the next range's start: a verdict, or the rules to go through.
  private record Range(int start, List<Rule> rules) {}

  private final SeccompProfile profile;

  private Seccomp(SeccompProfile profile) {
    this.profile = profile;
  }

  public static byte[] compile(SeccompProfile profile) {
    List<Instruction> program = new Seccomp(profile).program();
    ByteBuffer out = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.LITTLE_ENDIAN);
    program.forEach(
        i -> out.putShort((short) i.code).put((byte) i.yes).put((byte) i.no).putInt(i.k));
    return out.array();
  }

  static List<Instruction> instructions(SeccompProfile profile) {
    return new Seccomp(profile).program();
  }

  private List<Instruction> program() {
    List<Instruction> out = new ArrayList<>();
    out.add(new Instruction(LOAD, 0, 0, 4));
    out.add(new Instruction(JEQ, 1, 0, AUDIT_ARCH_X86_64));
    out.add(new Instruction(RETURN, 0, 0, SeccompProfile.KILL_PROCESS));
    out.add(new Instruction(LOAD, 0, 0, 0));
    out.add(new Instruction(JGE, 0, 1, X32_BIT));
    out.add(new Instruction(RETURN, 0, 0, SeccompProfile.errno(Errno.ENOSYS.number())));
    List<Range> ranges = ranges();
    out.addAll(tree(ranges, 0, ranges.size()));
    return out;
  }

  /// Neighbours with the same rules become one range; numbers without a rule take the default.
  private List<Range> ranges() {
    TreeMap<Integer, List<Rule>> starts = new TreeMap<>();
    List<Rule> fallback = List.of(new Rule(profile.defaultAction(), List.of()));
    starts.put(0, fallback);
    for (Map.Entry<Integer, List<Rule>> call : profile.calls().entrySet()) {
      List<Rule> rules = new ArrayList<>(call.getValue());
      rules.sort((a, b) -> Boolean.compare(a.conditions().isEmpty(), b.conditions().isEmpty()));
      rules.addAll(fallback);
      starts.put(call.getKey(), untilDecided(rules));
      starts.putIfAbsent(call.getKey() + 1, fallback);
    }
    List<Range> ranges = new ArrayList<>();
    starts.forEach(
        (start, rules) -> {
          if (ranges.isEmpty() || !ranges.getLast().rules().equals(rules)) {
            ranges.add(new Range(start, rules));
          }
        });
    return ranges;
  }

  private static List<Rule> untilDecided(List<Rule> rules) {
    List<Rule> kept = new ArrayList<>();
    for (Rule rule : rules) {
      kept.add(rule);
      if (rule.conditions().isEmpty()) {
        break;
      }
    }
    return List.copyOf(kept);
  }

  private static List<Instruction> tree(List<Range> ranges, int from, int to) {
    if (to - from == 1) {
      return leaf(ranges.get(from).rules());
    }
    int middle = (from + to) / 2;
    List<Instruction> left = tree(ranges, from, middle);
    List<Instruction> right = tree(ranges, middle, to);
    List<Instruction> out = new ArrayList<>();
    int pivot = ranges.get(middle).start();
    if (left.size() < 256) {
      out.add(new Instruction(JGE, left.size(), 0, pivot));
    } else {
      out.add(new Instruction(JGE, 0, 1, pivot));
      out.add(new Instruction(JUMP, 0, 0, left.size()));
    }
    out.addAll(left);
    out.addAll(right);
    return out;
  }

  private static List<Instruction> leaf(List<Rule> rules) {
    List<Instruction> out = new ArrayList<>();
    for (Rule rule : rules) {
      List<Instruction> verdict = List.of(new Instruction(RETURN, 0, 0, rule.action()));
      out.addAll(guarded(rule.conditions(), verdict));
    }
    return out;
  }

  /// The body runs only when every condition holds; otherwise control falls behind it.
  private static List<Instruction> guarded(List<Condition> conditions, List<Instruction> body) {
    List<Instruction> out = body;
    for (Condition condition : conditions.reversed()) {
      List<Instruction> next = new ArrayList<>(test(condition, out.size()));
      next.addAll(out);
      out = next;
    }
    return out;
  }

  /// Compares the high half first. Falls through when the condition holds, else jumps `skip`
  /// instructions past its end.
  private static List<Instruction> test(Condition c, int skip) {
    int high = 16 + 8 * c.index() + 4;
    int low = 16 + 8 * c.index();
    int h = (int) (c.value() >>> 32);
    int l = (int) c.value();
    Instruction loadHigh = new Instruction(LOAD, 0, 0, high);
    Instruction maskHigh = new Instruction(AND, 0, 0, (int) (c.mask() >>> 32));
    Instruction loadLow = new Instruction(LOAD, 0, 0, low);
    Instruction maskLow = new Instruction(AND, 0, 0, (int) c.mask());
    return switch (c.op()) {
      case EQ ->
          List.of(
              loadHigh,
              maskHigh,
              new Instruction(JEQ, 0, 3 + skip, h),
              loadLow,
              maskLow,
              new Instruction(JEQ, 0, skip, l));
      case NE ->
          List.of(
              loadHigh,
              maskHigh,
              new Instruction(JEQ, 0, 3, h),
              loadLow,
              maskLow,
              new Instruction(JEQ, skip, 0, l));
      case GT ->
          List.of(
              loadHigh,
              maskHigh,
              new Instruction(JGT, 4, 0, h),
              new Instruction(JEQ, 0, 3 + skip, h),
              loadLow,
              maskLow,
              new Instruction(JGT, 0, skip, l));
      case GE ->
          List.of(
              loadHigh,
              maskHigh,
              new Instruction(JGT, 4, 0, h),
              new Instruction(JEQ, 0, 3 + skip, h),
              loadLow,
              maskLow,
              new Instruction(JGE, 0, skip, l));
      case LT ->
          List.of(
              loadHigh,
              maskHigh,
              new Instruction(JGT, 4 + skip, 0, h),
              new Instruction(JEQ, 0, 3, h),
              loadLow,
              maskLow,
              new Instruction(JGE, skip, 0, l));
      case LE ->
          List.of(
              loadHigh,
              maskHigh,
              new Instruction(JGT, 4 + skip, 0, h),
              new Instruction(JEQ, 0, 3, h),
              loadLow,
              maskLow,
              new Instruction(JGT, skip, 0, l));
    };
  }
}

package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/// The kernel's own answers, but for the calls that are refused; what is open is counted.
final class CountedSyscalls {
  private static final Set<String> OPENING =
      Set.of("openat", "openat2", "pidfdOpen", "copyOf", "duplicate", "epollCreate");
  private static final long PEER = 0x5441;

  private final Syscalls real = new JnaSyscalls();
  private final BiPredicate<String, Object[]> refused;
  private final Set<Object> open = ConcurrentHashMap.newKeySet();

  /// @param refused by the method's name and its arguments
  CountedSyscalls(BiPredicate<String, Object[]> refused) {
    this.refused = refused;
  }

  Set<Object> open() {
    return Set.copyOf(open);
  }

  Syscalls syscalls() {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (_, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    if (refused.test(name, arguments)) {
      throw new ErrnoException(name, "refused", Errno.ENOSPC.number());
    }
    if (name.equals("close")) {
      open.remove(arguments[0]);
    }
    try {
      Object result = method.invoke(real, arguments);
      count(name, arguments, result);
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void count(String name, Object[] arguments, Object result) {
    if (OPENING.contains(name) || (name.equals("ioctl") && arguments[1].equals(PEER))) {
      open.add(result);
    } else if (name.equals("pipe")) {
      open.add(((int[]) result)[0]);
      open.add(((int[]) result)[1]);
    }
  }
}

package dev.berth.agent.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.api.ImageRef;
import dev.berth.api.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private static final Origin ORIGIN = new Origin.Remote("reg.example", "app");

  private static Refusal of(Throwable failure) {
    return Refusal.of(ORIGIN, URI.create("https://reg.example"), false, failure);
  }

  @Test
  void whoCannotBeReachedIsNamedWithItsPort() {
    ConnectException unknown = new ConnectException();
    unknown.initCause(new UnresolvedAddressException());
    assertEquals(
        new Refusal(
            Reason.REGISTRY_UNREACHABLE,
            "registry reg.example:443 cannot be reached: its name is not known"),
        of(unknown));
    ConnectException tried = new ConnectException();
    tried.initCause(unknown);
    assertEquals(
        "registry reg.example:443 cannot be reached: its name is not known", of(tried).text());
    assertEquals(
        "registry reg.example:443 cannot be reached: Connection refused",
        of(new ConnectException("Connection refused")).text());
  }

  @Test
  void aRegistryThatSpeaksPlainHttpIsToldSoAndNotItsCertificate() {
    assertEquals(
        "registry reg.example:443 cannot be reached: it does not speak TLS (https)",
        of(new IOException(new SSLException("Unsupported or unrecognized SSL message"))).text());
    SSLHandshakeException expired = new SSLHandshakeException("PKIX path validation failed");
    expired.initCause(new CertificateExpiredException("NotAfter"));
    assertEquals(
        "registry reg.example:443 cannot be reached: its certificate is not accepted: PKIX path"
            + " validation failed",
        of(expired).text());
    assertEquals(
        "registry reg.example:443 cannot be reached: the TLS handshake failed: Remote host"
            + " terminated the handshake",
        of(new SSLHandshakeException("Remote host terminated the handshake")).text());
  }

  @Test
  void theCauseIsFoundBelowOtherExceptions() {
    Throwable deep =
        new IOException(
            "layer",
            new ExecutionException(new ErrnoException("write", "x", Errno.ENOSPC.number())));
    assertEquals(Optional.of(Reason.NO_SPACE), of(deep).reason());
    assertEquals(
        Optional.of(Reason.DIGEST_MISMATCH),
        of(new IOException("digest mismatch: expected a")).reason());
  }

  @Test
  void aForgedLayerIsSaidInPlainWordsAndThePlaceIsNotNamedTwice() {
    assertEquals(
        new Refusal(
            Reason.DIGEST_MISMATCH, "a layer is not what its digest says: expected a, received b"),
        of(new IOException("cannot unpack the layer: digest mismatch: expected a, received b")));
  }

  @Test
  void whatSpeaksOfTheImageOutweighsWhatSpeaksOfAPlace() {
    assertEquals(
        Optional.of(Reason.WRONG_PLATFORM),
        Refusal.reason(
            List.of(
                Refusal.notFound("a"),
                new Refusal(Reason.REGISTRY_UNREACHABLE, "b"),
                new Refusal(Reason.WRONG_PLATFORM, "c"))));
  }

  @Test
  void namesThatAreNearAreOffered() {
    Map<String, List<String>> cluster =
        Map.of(
            "shop/digits-model", List.of("1", "2"),
            "shop/digits-app", List.of("1"),
            "other/digits-model", List.of("9"),
            "docker.io/library/python", List.of("3.12-slim", "3.13"));
    List<String> repositories = cluster.keySet().stream().sorted().toList();
    Function<String, List<String>> tags = name -> cluster.getOrDefault(name, List.of());
    assertEquals(
        List.of("digits-model:1"),
        NearbyImages.of(ImageRef.parse("digits-modle:1"), "shop", repositories, tags));
    assertEquals(
        List.of("digits-app:1", "digits-model:2"),
        NearbyImages.of(ImageRef.parse("digits"), "shop", repositories, tags));
    assertEquals(
        List.of("python:3.13", "python:3.12-slim"),
        NearbyImages.of(ImageRef.parse("python:3.14"), "shop", repositories, tags));
    assertEquals(List.of(), NearbyImages.of(ImageRef.parse("redis"), "shop", repositories, tags));
  }
}

package dev.berth.gitops.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;

/// Opens the connections of one transport. JGit follows redirects itself and asks here for each
/// hop, so this is where an address is refused, and where credentials stay behind when a redirect
/// leads to another server.
final class GuardedHttp implements HttpConnectionFactory {
  private final HttpConnectionFactory connections = new JDKHttpConnectionFactory();
  private final URI asked;
  private final Credentials credentials;

  GuardedHttp(GitUrl url, Credentials credentials) {
    this.asked = URI.create(url.text());
    this.credentials = credentials;
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    return guarded(url, connections.create(url));
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return guarded(url, connections.create(url, proxy));
  }

  private HttpConnection guarded(URL url, HttpConnection connection) throws IOException {
    boolean sameServer = isSameServer(url);
    Addresses.require(host(url.getHost()), sameServer || isLoopback());
    if (sameServer) {
      credentials
          .authorization()
          .ifPresent(value -> connection.setRequestProperty("Authorization", value));
    }
    if (url.getProtocol().equals("https") && credentials.authorities().isPresent()) {
      trust(connection, credentials.authorities().get());
    }
    return connection;
  }

  private static String host(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private boolean isLoopback() throws IOException {
    return java.net.InetAddress.getByName(host(asked.getHost())).isLoopbackAddress();
  }

  private boolean isSameServer(URL url) {
    String scheme = asked.getScheme().toLowerCase(Locale.ROOT);
    int port = asked.getPort() < 0 ? url.getDefaultPort() : asked.getPort();
    int found = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
    return url.getProtocol().equals(scheme)
        && url.getHost().equalsIgnoreCase(asked.getHost())
        && port == found;
  }

  private static void trust(HttpConnection connection, byte[] pem) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      TrustManager[] managers = factory.getTrustManagers();
      connection.configure(null, managers, null);
    } catch (GeneralSecurityException e) {
      throw new IOException("ca.crt of the Secret is no PEM certificate: " + e.getMessage(), e);
    }
  }
}

package dev.berth.controller.auth;

import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Turns a client certificate into an identity. The TLS layer lets every certificate pass, so that
/// a wrong one gets a 401 with a reason instead of a broken connection: the checks are here.
public final class ClientCertificates {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private final X509Certificate ca;
  private final InstantSource clock;

  public ClientCertificates(X509Certificate ca, InstantSource clock) {
    this.ca = ca;
    this.clock = clock;
  }

  /// Empty when the certificate does not prove anything to this cluster.
  public Optional<Identity> authenticate(Certificate[] chain) {
    return chain.length > 0 && chain[0] instanceof X509Certificate leaf && isValid(leaf)
        ? Optional.of(identity(leaf))
        : Optional.empty();
  }

  private boolean isValid(X509Certificate leaf) {
    try {
      leaf.checkValidity(Date.from(clock.instant()));
      leaf.verify(ca.getPublicKey());
      List<String> usages = leaf.getExtendedKeyUsage();
      return usages != null && usages.contains(CLIENT_AUTH) && leaf.getBasicConstraints() < 0;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static Identity identity(X509Certificate certificate) {
    List<String> groups = new ArrayList<>();
    String user = "";
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          user = rdn.getValue().toString();
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          groups.add(rdn.getValue().toString());
        }
      }
    } catch (InvalidNameException e) {
      return Identity.ANONYMOUS;
    }
    return new Identity(user, groups);
  }
}

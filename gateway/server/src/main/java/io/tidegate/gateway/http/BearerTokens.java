package io.tidegate.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.settings.Section;
import java.security.MessageDigest;
import java.util.List;

/**
 * Who may send by HTTP (RFC 6750): whoever knows one of these. Without any, everybody may. Several let a sender change to a
 * new one before the old one goes.
 */
public record BearerTokens(List<String> tokens) {

    private static final String SCHEME = "bearer ";

    /** Keeps its own copy. */
    public BearerTokens {
        tokens = List.copyOf(tokens);
    }

    /** Reads {@code tokens}. */
    public static BearerTokens from(Section section) {
        List<String> tokens = section.strings("tokens");
        if (tokens.stream().anyMatch(token -> !token.matches("[A-Za-z0-9._~+/-]+=*"))) {
            section.mistake("tokens", "letters, digits and . _ ~ + / - only, as RFC 6750 has it");
        }
        return new BearerTokens(tokens);
    }

    /**
     * Whether a request with this header may come in. Takes as long whatever is wrong with it.
     *
     * @param authorization the header {@code Authorization}; empty when there is none
     */
    public boolean admit(String authorization) {
        boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] given = (bearer ? authorization.substring(SCHEME.length()).strip() : "").getBytes(UTF_8);
        boolean known = tokens.isEmpty();
        for (String token : tokens) {
            known |= MessageDigest.isEqual(token.getBytes(UTF_8), given);
        }
        return known;
    }

    /** How many there are: what they are is nobody's business. */
    @Override
    public String toString() {
        return tokens.size() + " tokens";
    }
}

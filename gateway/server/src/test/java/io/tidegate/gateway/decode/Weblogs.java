package io.tidegate.gateway.decode;

import io.tidegate.gateway.weblog.AccessLog;
import io.tidegate.gateway.weblog.JsonField;
import io.tidegate.gateway.weblog.RequestTime;
import io.tidegate.gateway.weblog.WeblogSettings;
import java.util.List;
import java.util.Map;

/** Readers of access logs for tests. */
public final class Weblogs {

    private Weblogs() {}

    /** Knows a few keys of JSON logs. */
    public static AccessLog.Reader reader() {
        return new AccessLog.Reader(new WeblogSettings(
                1024,
                RequestTime.AUTO,
                Map.of(
                        JsonField.LINE, List.of("log", "message"),
                        JsonField.CLIENT, List.of("remote_addr"),
                        JsonField.REQUEST, List.of("request"),
                        JsonField.STATUS, List.of("status"))));
    }
}

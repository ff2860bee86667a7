package io.tidegate.gateway.ingest.mqtt;

import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.decode.accesslog.AccessLogSettings;
import io.tidegate.gateway.decode.accesslog.JsonField;
import io.tidegate.gateway.decode.accesslog.RequestTime;
import java.util.List;
import java.util.Map;

/** Readers of access logs for tests. */
public final class Weblogs {

    private Weblogs() {}

    /** Knows a few keys of JSON logs. */
    public static AccessLog.Reader reader() {
        return new AccessLog.Reader(new AccessLogSettings(
                1024,
                RequestTime.AUTO,
                Map.of(
                        JsonField.LINE, List.of("log", "message"),
                        JsonField.CLIENT, List.of("remote_addr"),
                        JsonField.REQUEST, List.of("request"),
                        JsonField.STATUS, List.of("status"))));
    }
}

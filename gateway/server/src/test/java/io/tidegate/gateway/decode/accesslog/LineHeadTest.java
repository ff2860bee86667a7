package io.tidegate.gateway.decode.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.protocol.v1.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands before the time of a common line. */
class LineHeadTest {

    private static final String REST = " [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            192.0.2.7 - -                              | 192.0.2.7    | ``                |
            192.0.2.7:42918 - ann                      | 192.0.2.7    | ``                | ann
            [2001:db8::1]:42918 - -                    | 2001:db8::1  | ``                |
            [2001:db8::1] - -                          | 2001:db8::1  | ``                |
            fe80::1%12 - -                             | fe80::1%12   | ``                |
            ::ffff:192.0.2.7 - -                       | ::ffff:192.0.2.7 | ``            |
            pc7.example.org - -                        | pc7.example.org | ``             |
            pc7 - -                                    | pc7          | ``                |
            unix: - -                                  | unix:        | ``                |
            www.example.org:443 192.0.2.7:42918 - -    | 192.0.2.7    | www.example.org   |
            localhost 192.0.2.7 - ann b                | 192.0.2.7    | localhost         | ann b
            intern:80 192.0.2.7 - -                    | 192.0.2.7    | intern            |
            10.0.0.1 192.0.2.7 - -                     | 192.0.2.7    | 10.0.0.1          |
            [2001:db8::1]:80 2001:db8::2 - -           | 2001:db8::2  | [2001:db8::1]     |
            - 192.0.2.7 - -                            | 192.0.2.7    | ``                |
            _ 192.0.2.7 - -                            | 192.0.2.7    | ``                |
            192.0.2.7 ident ann                        | 192.0.2.7    | ``                | ann
            192.0.2.7 ident -                          | 192.0.2.7    | ``                |
            www.example.org 192.0.2.7 ident ann        | 192.0.2.7    | www.example.org   | ann
            192.0.2.7 - \\"kim77 \\"                   | 192.0.2.7    | ``                | "kim77 "
            192.0.2.7 - k\\xc3\\xa4the                 | 192.0.2.7    | ``                | käthe
            192.0.2.7 - 001 smith                      | 192.0.2.7    | ``                | 001 smith
            """)
    void client_virtual_host_and_user_are_told_apart(String head, String client, String host, String user)
            throws MalformedInput {
        Request request = Lines.request(head + REST);

        assertThat(request.getClient()).isEqualTo(client);
        assertThat(request.getHost()).isEqualTo(host == null ? "" : host);
        assertThat(request.getUser()).isEqualTo(user == null ? "" : user);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T07:40:02.123456789Z stdout F 192.0.2.7 - -",
                "2026-11-23T07:40:02.123456789Z 192.0.2.7 - -",
                "2026-11-23 07:40:02 192.0.2.7 - -",
                "stdout F 192.0.2.7 - -",
                "F 192.0.2.7 - -",
                "Nov 23 13:00:01 web1 nginx: 192.0.2.7 - -",
                "05 13:00:01 web1 nginx: 192.0.2.7 - -",
                "web1 nginx: 192.0.2.7 - -",
                "web1.example.org nginx: 192.0.2.7 - -",
                "web1 nginx[12]: 192.0.2.7 - -",
                "nginx: 192.0.2.7 - -",
                "nginx 192.0.2.7 - -",
                "INFO:uvicorn.access:192.0.2.7 - -",
                "INFO:     192.0.2.7 - -",
                "INFO: 192.0.2.7 - -",
                "INFO 192.0.2.7 - -",
                "INFO - 192.0.2.7 - -",
                "INFO - pc7.example.org - -",
                "[INFO] 192.0.2.7 - -",
                "web_1  | 192.0.2.7 - -",
                "web_1 | 192.0.2.7 - -",
                "<190>192.0.2.7 - -",
                "13:00:01 192.0.2.7 - -",
                "1795419602 192.0.2.7 - -",
                "10.0.0.1 10.0.0.2 192.0.2.7 - -",
                "www.example.org 10.0.0.2 192.0.2.7 -",
                "192.0.2.7, - -",
                "256.0.2.7 - -",
                "192.0.2.7:4291x - -",
                "192.0.2.7:429100 - -",
                "2001:db8::1::2 - -",
                "2001:db8:1 - -",
                "-pc7 - -",
                "pc7..example - -",
                "192.0.2.7 - ann - -",
                "192.0.2.7 192.0.2.8 ann",
                "web1.example.org nginx 192.0.2.7",
                "www.example.org 192.0.2.7 ident 192.0.2.8",
                "192.0.2.7 ident ann b",
            })
    void what_else_stands_in_front_is_damage_and_no_client(String head) {
        assertThat(Lines.damage(head + REST).reason()).isEqualTo(Reason.INVALID_LINE);
    }

    @Test
    void a_place_for_a_client_with_nobody_in_it_is_told() {
        for (String head :
                List.of("- - -", "- - ann", "- - - -", "www.example.org - - -", "www.example.org:443 - - ann")) {
            assertThat(Lines.damage(head + REST).reason()).as(head).isEqualTo(Reason.NO_CLIENT);
        }
    }

    @Test
    void the_place_is_the_sign_that_no_host_has() {
        assertThat(Lines.damage("203.0.113.9, 198.51.100.2, 10.0.0.1 - -" + REST)
                        .detail())
                .startsWith("byte 11 ");
    }
}

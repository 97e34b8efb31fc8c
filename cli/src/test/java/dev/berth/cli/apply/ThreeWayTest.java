package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreeWayTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        // last; live; wanted; patch
        "{};{};{\"a\":1};{\"a\":1}",
        "{\"a\":1};{\"a\":1};{\"a\":1};{}",
        "{\"a\":1};{\"a\":2};{\"a\":1};{\"a\":1}",
        "{\"a\":1};{\"a\":1,\"b\":2};{};{\"a\":null}",
        "{};{\"theirs\":1};{\"a\":1};{\"a\":1}",
        "{\"s\":{\"a\":1,\"b\":1}};{\"s\":{\"a\":1,\"b\":1,\"c\":1}};{\"s\":{\"a\":2}};{\"s\":{\"a\":2,\"b\":null}}",
        "{\"a\":1};{};{};{}",
        "{\"l\":[1,2]};{\"l\":[1,2]};{\"l\":[2]};{\"l\":[2]}",
        "{\"a\":{\"x\":1}};{\"a\":{\"x\":1}};{\"a\":3};{\"a\":3}",
        // completed by the server, with one of its own behind
        "{\"volumes\":[{\"a\":1}]};{\"volumes\":[{\"a\":1,\"b\":2},{\"c\":3}]};{\"volumes\":[{\"a\":1}]};{}",
        "{\"l\":[{\"volumeMounts\":[]}]};{\"l\":[{\"b\":1,\"volumeMounts\":[{\"c\":3}]}]};{\"l\":[{\"volumeMounts\":[]}]};{}",
        "{\"l\":[{\"a\":1}]};{\"l\":[{\"a\":1,\"b\":2}]};{\"l\":[{\"a\":1}]};{}",
        // somebody has added what the server does not
        "{\"rules\":[{\"a\":1}]};{\"rules\":[{\"a\":1},{\"c\":3}]};{\"rules\":[{\"a\":1}]};{\"rules\":[{\"a\":1}]}",
        "{\"rules\":[]};{\"rules\":[{\"c\":3}]};{\"rules\":[]};{\"rules\":[]}",
        "{\"l\":[{\"v\":[1]}]};{\"l\":[{\"v\":[1,2]}]};{\"l\":[{\"v\":[1]}]};{\"l\":[{\"v\":[1]}]}",
        "{\"l\":[{\"a\":1}]};{\"l\":[{\"a\":2}]};{\"l\":[{\"a\":1}]};{\"l\":[{\"a\":1}]}",
        "{\"l\":[{\"a\":1},{\"c\":3}]};{\"l\":[{\"a\":1},{\"c\":3}]};{\"l\":[{\"a\":1}]};{\"l\":[{\"a\":1}]}",
        "{\"l\":[1]};{\"l\":[1,2]};{\"l\":[1]};{\"l\":[1]}",
      })
  void onlyWhatWeSetIsChangedOrRemoved(String last, String live, String wanted, String patch) {
    assertEquals(
        Json.parse(patch),
        ThreeWay.patch(Json.parse(last), Json.parse(live), Json.parseObject(wanted)));
  }
}

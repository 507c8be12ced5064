using System.Text;
using TelemetryHub.Core.Feeds.Queries;

namespace TelemetryHub.Core.Tests.Feeds.Queries;

public class PayloadConditionTests
{
    private const string Sample = """
        { "temp": 31.5, "hum": 40, "ok": true, "off": false, "none": null, "name": "pump", "odd name": {"x": 1}, "pos": {"lat": 48.1, "more": {"deep": "er"}},
          "list": [10, {"a": 5}, [7, 8]], "id": 9007199254740993, "in": 3, "air-temp": 5, "größe": 2, "esc": "a\"b\u00e9\ud83d\ude00\n", "t\u0065mp2": 1, "empty": "", "exists": 1, "big": 1e400 }
        """;

    [Theory]
    [InlineData("temp>30", true)]
    [InlineData("temp > 31.5", false)]
    [InlineData("temp >= 31.5", true)]
    [InlineData("temp<=31.5", true)]
    [InlineData("temp < 31.5", false)]
    [InlineData("temp = 31.5", true)]
    [InlineData("temp == 315e-1", true)]
    [InlineData("temp != 31.5", false)]
    [InlineData("temp <> 30", true)]
    [InlineData("hum=40.0", true)]
    [InlineData("30 < temp", true)]
    [InlineData("30 > temp", false)]
    [InlineData("40 <= hum", true)]
    [InlineData("'pump' = name", true)]
    [InlineData("hum > -5", true)]
    [InlineData("big > 1e308", true)]
    public void Numbers_are_compared_by_what_they_are_worth(string condition, bool expected) => Matches(condition, Sample).ShouldBe(expected);

    [Theory]
    [InlineData("id = 9007199254740993", true)]
    [InlineData("id = 9007199254740992", false)]
    [InlineData("id > 9007199254740992", true)]
    [InlineData("id < 123456789012345678901234567890", true)]
    [InlineData("id > -123456789012345678901234567890", true)]
    public void Integers_are_compared_exactly_however_long_they_are(string condition, bool expected) => Matches(condition, Sample).ShouldBe(expected);

    [Theory]
    [InlineData("$ = 0", "-0", true)]
    [InlineData("$ < 0", "-0", false)]
    [InlineData("$ = -0", "0", true)]
    [InlineData("$ > -2", "-1", true)]
    [InlineData("$ > -20", "-3", true)]
    [InlineData("$ = 0.1", "0.1", true)]
    [InlineData("$ = 0.1", "1e-1", true)]
    [InlineData("$ = 1", "1.0000000000000000000000000001", true)]
    [InlineData("$ < 1e308", "1e-99999999999999999999", true)]
    [InlineData("$ > 1e308", "1e99999999999999999999", true)]
    [InlineData("$", "5", true)]
    [InlineData("$", "false", false)]
    [InlineData("$ = 'on'", "\"on\"", true)]
    [InlineData("$ = true", " true ", true)]
    [InlineData("$[1] = 2", "[1,2]", true)]
    [InlineData("[1] = 2", "[1,2]", true)]
    [InlineData("$.a = 2", "{\"a\":2}", true)]
    [InlineData("exists($)", "null", true)]
    [InlineData("temp > 1", "5", false)]
    public void A_payload_that_is_one_value_is_reached_as_dollar(string condition, string payload, bool expected) => Matches(condition, payload).ShouldBe(expected);

    [Theory]
    [InlineData("name = 'pump'", true)]
    [InlineData("name = \"pump\"", true)]
    [InlineData("name != 'pum'", true)]
    [InlineData("name > 'pum'", true)]
    [InlineData("name < 'q'", true)]
    [InlineData("esc = 'a\"b\u00e9\U0001F600\\n'", true)]
    [InlineData("esc = \"a\\\"b\\u00e9\\ud83d\\ude00\\n\"", true)]
    [InlineData("esc > 'a\"b\u00e9\U0001F600'", true)]
    [InlineData("esc < 'a\"c'", true)]
    [InlineData("empty = ''", true)]
    [InlineData("empty < 'a'", true)]
    [InlineData("temp2 = 1", true)]
    [InlineData("name in ('valve', 'pump')", true)]
    [InlineData("name IN ('valve')", false)]
    [InlineData("hum in (1, 'x', null, 40)", true)]
    public void Texts_are_compared_byte_by_byte_as_what_they_mean(string condition, bool expected) => Matches(condition, Sample).ShouldBe(expected);

    [Theory]
    [InlineData("temp > 30 and hum = 40", true)]
    [InlineData("temp > 30 AND hum = 41", false)]
    [InlineData("temp > 99 or hum = 40", true)]
    [InlineData("temp > 99 || hum = 40 && ok", true)]
    [InlineData("hum = 40 or ok and off", true)]
    [InlineData("(hum = 40 or ok) and off", false)]
    [InlineData("not off", true)]
    [InlineData("!(temp > 30)", false)]
    [InlineData("not not ok", true)]
    [InlineData("not temp > 30 or ok", true)]
    [InlineData("not (temp > 30 or ok)", false)]
    [InlineData("temp > 30 and temp < 32", true)]
    public void And_or_and_not_go_together_as_everywhere(string condition, bool expected) => Matches(condition, Sample).ShouldBe(expected);

    [Theory]
    [InlineData("pos.lat > 48", true)]
    [InlineData("pos.more.deep = 'er'", true)]
    [InlineData("list[0] = 10", true)]
    [InlineData("list[1].a = 5", true)]
    [InlineData("list[2][1] = 8", true)]
    [InlineData("list[3]", false)]
    [InlineData("[\"odd name\"].x = 1", true)]
    [InlineData("['odd name']['x'] = 1", true)]
    [InlineData("[\"in\"] = 3", true)]
    [InlineData("$.in = 3", true)]
    [InlineData("air-temp = 5", true)]
    [InlineData("größe = 2", true)]
    [InlineData("exists = 1", true)]
    [InlineData("temp.x = 1", false)]
    [InlineData("pos[0] = 1", false)]
    [InlineData("list.a = 1", false)]
    public void A_path_leads_through_objects_and_arrays(string condition, bool expected) => Matches(condition, Sample).ShouldBe(expected);

    [Theory]
    [InlineData("exists(temp)", true)]
    [InlineData("exists(none)", true)]
    [InlineData("exists ( pos.lat )", true)]
    [InlineData("exists(nothing)", false)]
    [InlineData("not exists(nothing)", true)]
    [InlineData("temp", true)]
    [InlineData("ok", true)]
    [InlineData("off", false)]
    [InlineData("none", false)]
    [InlineData("nothing", false)]
    [InlineData("pos", true)]
    [InlineData("list", true)]
    [InlineData("empty", true)]
    public void A_field_alone_asks_for_a_value_that_is_neither_false_nor_null(string condition, bool expected) => Matches(condition, Sample).ShouldBe(expected);

    [Theory]
    [InlineData("name > 5", false)]
    [InlineData("name != 5", false)]
    [InlineData("not name = 5", true)]
    [InlineData("nothing != 5", false)]
    [InlineData("temp = '31.5'", false)]
    [InlineData("ok = 1", false)]
    [InlineData("ok != false", true)]
    [InlineData("pos = 1", false)]
    [InlineData("none = null", true)]
    [InlineData("none != null", false)]
    [InlineData("temp != null", true)]
    [InlineData("pos != null", true)]
    [InlineData("nothing != null", false)]
    [InlineData("nothing = null", false)]
    public void Values_of_different_types_are_neither_equal_nor_unequal_except_that_null_differs_from_all(string condition, bool expected) =>
        Matches(condition, Sample).ShouldBe(expected);

    [Theory]
    [InlineData("a = 1", "{\"a\":1,\"a\":2}", true)]
    [InlineData("a = 2", "{\"a\":1,\"a\":2}", false)]
    [InlineData("a.c = 2", "{\"a\":{\"b\":1},\"a\":{\"c\":2}}", false)]
    [InlineData("a = 1", "{\"\\u0061\":1,\"a\":2}", true)]
    public void Of_members_with_the_same_name_the_first_one_counts(string condition, string payload, bool expected) => Matches(condition, payload).ShouldBe(expected);

    [Theory]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1,\"b\":[}")]
    [InlineData("{\"a\":1,\"b\":\"\\x\"}")]
    [InlineData("")]
    [InlineData("a=1")]
    [InlineData("\0")]
    public void What_is_not_json_fulfils_nothing(string payload)
    {
        Matches("a = 1", payload).ShouldBeFalse();
        Matches("not b = 1", payload).ShouldBeFalse();
        Matches("not exists($)", payload).ShouldBeFalse();
    }

    [Fact]
    public void What_is_not_utf_8_fulfils_nothing()
    {
        Condition("a = 1").Matches([.. "{\"a\":1,\"b\":\""u8, 0xFF, .. "\"}"u8]).ShouldBeFalse();
        Condition("a = 1").Matches([.. "{\"a\":1,\"b\":\""u8, 0x7F, .. "\"}"u8]).ShouldBeTrue();
    }

    [Fact]
    public void Half_of_a_surrogate_pair_equals_no_text()
    {
        Matches("a = '\ufffd'", "{\"a\":\"\\ud800\"}").ShouldBeFalse();
        Matches("a != '\ufffd'", "{\"a\":\"\\ud800\"}").ShouldBeTrue();
    }

    [Fact]
    public void A_payload_that_is_nested_too_deep_fulfils_nothing()
    {
        Matches("exists($)", new string('[', 60) + new string(']', 60)).ShouldBeTrue();
        Matches("exists($)", new string('[', 61) + new string(']', 61)).ShouldBeFalse();
        Matches("$[0][0][0] = 1", new string('[', 1_000_000)).ShouldBeFalse();
    }

    [Fact]
    public void Conditions_are_equal_when_they_are_written_the_same()
    {
        Condition("a=1").ShouldBe(Condition("a=1"));
        Condition("a=1").GetHashCode().ShouldBe(Condition("a=1").GetHashCode());
        Condition("a=1").ShouldNotBe(Condition("a=2"));
        Condition("a = 1").ToString().ShouldBe("a = 1");
    }

    private static PayloadCondition Condition(string text)
    {
        PayloadCondition.TryParse(text, out var condition, out var problem).ShouldBeTrue(problem);
        return condition!;
    }

    private static bool Matches(string condition, string payload) => Condition(condition).Matches(Encoding.UTF8.GetBytes(payload));
}

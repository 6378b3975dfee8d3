using System;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Compiler.Emission;

/// <summary>The JSON of <see cref="SavedNetwork"/>.</summary>
[JsonSourceGenerationOptions(
    IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = [typeof(ArgumentConverter)])]
[JsonSerializable(typeof(SavedNetwork))]
internal sealed partial class SavedNetworkJson : JsonSerializerContext
{
    /// <summary>The value of an argument, whose type is written before it: <c>["int",3]</c>, <c>["AutoPad",1]</c>.</summary>
    private sealed class ArgumentConverter : JsonConverter<ArgumentInfo>
    {
        private const string Numbers = "numbers", Text = "text", Truth = "truth", Number = "number", Integer = "integer";

        public override ArgumentInfo Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var parsed = JsonDocument.ParseValue(ref reader);
            (JsonElement name, JsonElement type, JsonElement value) = (parsed.RootElement[0], parsed.RootElement[1], parsed.RootElement[2]);
            return new ArgumentInfo(name.GetString()!, type.GetString() switch
            {
                Integer => value.GetInt32(),
                Number => Parse(value),
                Truth => value.GetBoolean(),
                Text => value.GetString()!,
                Numbers => Array.ConvertAll([.. value.EnumerateArray()], Parse),
                var member => RuntimeEnum.Member(member!, value.GetInt32()) ?? throw new JsonException($"an argument of the type {member}"),
            });
        }

        public override void Write(Utf8JsonWriter writer, ArgumentInfo value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(value.Name);
            switch (value.Value)
            {
                case int integer:
                    writer.WriteStringValue(Integer);
                    writer.WriteNumberValue(integer);
                    break;
                case double number:
                    writer.WriteStringValue(Number);
                    writer.WriteStringValue(Format(number));
                    break;
                case bool truth:
                    writer.WriteStringValue(Truth);
                    writer.WriteBooleanValue(truth);
                    break;
                case string text:
                    writer.WriteStringValue(Text);
                    writer.WriteStringValue(text);
                    break;
                case double[] numbers:
                    writer.WriteStringValue(Numbers);
                    writer.WriteStartArray();
                    Array.ForEach(numbers, number => writer.WriteStringValue(Format(number)));
                    writer.WriteEndArray();
                    break;
                case Enum member:
                    writer.WriteStringValue(member.GetType().FullName);
                    writer.WriteNumberValue(Convert.ToInt32(member, System.Globalization.CultureInfo.InvariantCulture));
                    break;
                default:
                    throw new NotSupportedException($"An argument of the type {value.Value.GetType()}.");
            }

            writer.WriteEndArray();
        }

        /// <summary>JSON has no infinities.</summary>
        private static string Format(double number) => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

        private static double Parse(JsonElement text) =>
            double.Parse(text.GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }
}

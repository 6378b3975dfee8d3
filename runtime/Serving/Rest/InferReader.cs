using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>
/// Reads the body of an inference request: JSON, and with the binary tensor extension the bytes of tensors behind it. Numbers go straight
/// into memory from a pool.
/// </summary>
internal ref struct InferReader
{
    private readonly InferCall _call;
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _json;
    private int _used;

    private readonly bool IsNull => _json.TokenType == JsonTokenType.Null;

    private InferReader(InferCall call, ReadOnlySpan<byte> json, ReadOnlySpan<byte> bytes)
    {
        _call = call;
        _bytes = bytes;
        _json = new Utf8JsonReader(json);
    }

    /// <exception cref="ProtocolException">The request is not as the protocol says.</exception>
    public static void Read(InferCall call, ReadOnlySpan<byte> body, int jsonLength)
    {
        var reader = new InferReader(call, body[..jsonLength], body[jsonLength..]);
        try
        {
            reader.Read();
        }
        catch (JsonException e)
        {
            throw ProtocolException.Bad($"The request is no JSON: {e.Message}");
        }

        if (reader._used != reader._bytes.Length)
        {
            throw ProtocolException.Bad(
                $"{reader._bytes.Length} bytes stand behind the JSON, but its inputs have {reader._used}.");
        }
    }

    private void Read()
    {
        bool hasInputs = false;
        Next();
        Begin(JsonTokenType.StartObject, "The request");
        while (Property() is { } name)
        {
            switch (name)
            {
                case "id":
                    _call.Id = IsNull ? "" : Text("id");
                    break;
                case "parameters" when !IsNull:
                    Begin(JsonTokenType.StartObject, "'parameters'");
                    ReadParameters();
                    break;
                case "inputs":
                    hasInputs = true;
                    ReadInputs();
                    break;
                case "outputs" when !IsNull:
                    ReadOutputs();
                    break;
                default:
                    Skip();
                    break;
            }
        }

        if (!hasInputs)
        {
            throw ProtocolException.Bad("The request has no 'inputs'.");
        }

        // Nothing but blanks may follow.
        _json.Read();
    }

    private void ReadParameters()
    {
        while (Parameter() is { } name)
        {
            switch (name)
            {
                case "binary_data_output":
                    _call.IsBinary = Flag(name);
                    break;
                case "priority":
                    _call.SetPriority(Integer(name));
                    break;
                case "timeout":
                    _call.SetTimeout(Integer(name));
                    break;
                default:
                    Skip();
                    break;
            }
        }
    }

    private void ReadInputs()
    {
        Begin(JsonTokenType.StartArray, "'inputs'");
        while (Element())
        {
            ReadInput();
        }
    }

    private void ReadInput()
    {
        string name = "", type = "";
        List<long> shape = [];
        float[] values = [];
        int count = -1;
        long binary = -1;
        try
        {
            Begin(JsonTokenType.StartObject, "An input");
            while (Property() is { } property)
            {
                switch (property)
                {
                    case "name":
                        name = Text("name");
                        break;
                    case "datatype":
                        type = Text("datatype");
                        break;
                    case "shape":
                        ReadShape(shape);
                        break;
                    case "parameters" when !IsNull:
                        Begin(JsonTokenType.StartObject, "'parameters'");
                        binary = ReadBinaryLength();
                        break;
                    case "data" when !IsNull:
                        count = ReadData(type, ref values);
                        break;
                    default:
                        Skip();
                        break;
                }
            }

            if ((count >= 0) == (binary >= 0))
            {
                throw ProtocolException.Bad(
                    count >= 0 ? $"The input '{name}' has both 'data' and 'binary_data_size'."
                        : $"The input '{name}' has neither 'data' nor 'binary_data_size'.");
            }

            if (count >= 0)
            {
                _call.Add(name, type, shape, values.AsSpan(0, count));
            }
            else
            {
                _call.Add(name, type, shape, TakeBytes(name, binary));
            }
        }
        finally
        {
            if (values.Length > 0)
            {
                ArrayPool<float>.Shared.Return(values);
            }
        }
    }

    /// <summary>The next bytes behind the JSON.</summary>
    private ReadOnlySpan<byte> TakeBytes(string input, long length)
    {
        int left = _bytes.Length - _used;
        if (length > left)
        {
            throw ProtocolException.Bad(
                $"The input '{input}' has {length} bytes, but only {left} stand behind the JSON and the inputs before.");
        }

        _used += (int)length;
        return _bytes.Slice(_used - (int)length, (int)length);
    }

    private void ReadShape(List<long> shape)
    {
        Begin(JsonTokenType.StartArray, "'shape'");
        shape.Clear();
        while (Element())
        {
            shape.Add(Integer("shape"));
        }
    }

    private long ReadBinaryLength()
    {
        long length = -1;
        while (Parameter() is { } name)
        {
            if (name == "binary_data_size")
            {
                length = Integer(name);
                if (length < 0)
                {
                    throw ProtocolException.Bad($"'binary_data_size' is {length}.");
                }
            }
            else
            {
                Skip();
            }
        }

        return length;
    }

    /// <summary>Numbers in row-major order, with or without the brackets of the axes.</summary>
    private int ReadData(string type, ref float[] values)
    {
        if (type is not ("" or Tensors.DataType))
        {
            // Strings or truth values, it may be. The type is what is wrong with them.
            Skip();
            return 0;
        }

        if (_json.TokenType != JsonTokenType.StartArray)
        {
            throw ProtocolException.Bad("'data' is an array of numbers.");
        }

        ServedModel model = _call.Model;
        int count = 0, most = model.Shapes.Sizes is null ? model.MaxBatch * model.InputLength : int.MaxValue, depth = _json.CurrentDepth;
        while (true)
        {
            Next();
            switch (_json.TokenType)
            {
                case JsonTokenType.Number when count == most:
                    throw ProtocolException.Bad(
                        $"'data' has more than {most} numbers; model '{model.Name}' takes 1 to {model.MaxBatch} samples"
                        + $" of {model.InputLength}.");
                case JsonTokenType.Number when _json.TryGetSingle(out float value) && float.IsFinite(value):
                    if (count == values.Length)
                    {
                        Grow(ref values, count);
                    }

                    values[count++] = value;
                    break;
                case JsonTokenType.StartArray:
                    break;
                case JsonTokenType.EndArray when _json.CurrentDepth > depth:
                    break;
                case JsonTokenType.EndArray:
                    return count;
                default:
                    throw ProtocolException.Bad($"Number {count} of 'data' is no {Tensors.DataType} number: '{Raw()}'.");
            }
        }
    }

    private static void Grow(ref float[] values, int count)
    {
        const int First = 1024;
        float[] larger = ArrayPool<float>.Shared.Rent(Math.Max(First, 2 * count));
        if (values.Length > 0)
        {
            values.AsSpan(0, count).CopyTo(larger);
            ArrayPool<float>.Shared.Return(values);
        }

        values = larger;
    }

    private void ReadOutputs()
    {
        Begin(JsonTokenType.StartArray, "'outputs'");
        while (Element())
        {
            ReadOutput();
        }
    }

    private void ReadOutput()
    {
        string output = "";
        bool? isBinary = null;
        long classes = 0;
        Begin(JsonTokenType.StartObject, "An output");
        while (Property() is { } property)
        {
            switch (property)
            {
                case "name":
                    output = Text("name");
                    break;
                case "parameters" when !IsNull:
                    Begin(JsonTokenType.StartObject, "'parameters'");
                    while (Parameter() is { } parameter)
                    {
                        switch (parameter)
                        {
                            case "binary_data":
                                isBinary = Flag(parameter);
                                break;
                            case ClassificationOutput.Parameter:
                                classes = Integer(parameter);
                                break;
                            default:
                                Skip();
                                break;
                        }
                    }

                    break;
                default:
                    Skip();
                    break;
            }
        }

        _call.Want(output, isBinary, classes);
    }

    private void Next()
    {
        if (!_json.Read())
        {
            throw ProtocolException.Bad("The request ends too early.");
        }
    }

    /// <summary>Checks that an object or an array begins here.</summary>
    private readonly void Begin(JsonTokenType bracket, string what)
    {
        if (_json.TokenType != bracket)
        {
            throw ProtocolException.Bad($"{what} is no {(bracket == JsonTokenType.StartArray ? "array" : "object")}: '{Raw()}'.");
        }
    }

    /// <summary>Goes on to the value of the next property. Returns the property's name, or null at the end of the object.</summary>
    private string? Property()
    {
        Next();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        string name = String();
        Next();
        return name;
    }

    /// <summary>
    /// Goes on to the value of the next parameter that has one. Returns its name, or null at the end of the object. Null means that the
    /// client says nothing: clients that others wrote have it in place of what they leave out.
    /// </summary>
    private string? Parameter()
    {
        string? name = Property();
        while (name is not null && IsNull)
        {
            name = Property();
        }

        if (name is not null)
        {
            Parameters.Check(name);
        }

        return name;
    }

    /// <summary>Goes on to the next element. Returns false at the end of the array.</summary>
    private bool Element()
    {
        Next();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    private void Skip() => _json.Skip();

    private readonly string Text(string name) => _json.TokenType == JsonTokenType.String ? String()
        : throw ProtocolException.Bad($"'{name}' is no text: '{Raw()}'.");

    private readonly string String()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ProtocolException.Bad("The request has text that is not UTF-8.");
        }
    }

    private readonly long Integer(string name) => _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out long value) ? value
        : throw ProtocolException.Bad($"'{name}' is no whole number: '{Raw()}'.");

    private readonly bool Flag(string name) => _json.TokenType is JsonTokenType.True or JsonTokenType.False ? _json.GetBoolean()
        : throw ProtocolException.Bad($"'{name}' is neither true nor false: '{Raw()}'.");

    private readonly string Raw()
    {
        const int Most = 40;
        ReadOnlySpan<byte> raw = _json.ValueSpan;
        return Encoding.UTF8.GetString(raw.Length > Most ? raw[..Most] : raw);
    }
}

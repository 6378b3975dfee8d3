using System;
using System.IO;
using System.Text.Json;

namespace Strata;

/// <summary>
/// Reads the tokens of a JSON text of known length from a stream. Memory holds one piece of the text at a time, or the longest token.
/// </summary>
internal ref struct JsonStream
{
    private const int PieceLength = 65_536;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly int _length;
    private byte[] _buffer;
    private int _filled;
    private int _read;
    private Utf8JsonReader _json;

    /// <summary>Begins at the stream's position.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="length">Bytes of the text.</param>
    /// <param name="file">The stream's name in messages.</param>
    /// <param name="beginning">The text's first bytes, which have already been read.</param>
    public JsonStream(Stream stream, int length, string file, ReadOnlySpan<byte> beginning)
    {
        (_stream, _length, _file) = (stream, length, file);
        _buffer = new byte[int.Max(int.Min(length, PieceLength), beginning.Length)];
        beginning.CopyTo(_buffer);
        _filled = _read = beginning.Length;
        _json = new Utf8JsonReader(_buffer.AsSpan(0, _filled), isFinalBlock: _read >= length, default);
    }

    /// <summary>The type of the current token.</summary>
    public readonly JsonTokenType Type => _json.TokenType;

    /// <summary>The text of a string or a property's name.</summary>
    public readonly string Text => _json.GetString()!;

    /// <summary>Whether the current string equals <paramref name="text"/>.</summary>
    public readonly bool Is(string text) => _json.ValueTextEquals(text);

    /// <summary>The value of a whole number.</summary>
    public readonly bool TryGetInt64(out long value) => _json.TryGetInt64(out value);

    /// <summary>Goes on to the next token. False at the end of the text, if nothing but white space follows.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    /// <exception cref="WeightsFormatException">The stream ends before the text does.</exception>
    public bool Read()
    {
        while (!_json.Read())
        {
            if (_json.IsFinalBlock)
            {
                return false;
            }

            Fill();
        }

        return true;
    }

    /// <summary>Goes on to the last token of the current value.</summary>
    public void Skip()
    {
        if (Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            int depth = _json.CurrentDepth;
            while (Read() && _json.CurrentDepth > depth)
            {
            }
        }
    }

    // The buffer grows with the bytes that arrive: the claimed length may be false.
    private void Fill()
    {
        int rest = _filled - (int)_json.BytesConsumed;
        byte[] next = rest < _buffer.Length ? _buffer : new byte[(int)long.Min(2L * rest, (long)rest + _length - _read)];
        _buffer.AsSpan(_filled - rest, rest).CopyTo(next);
        int wanted = int.Min(next.Length - rest, _length - _read);
        int found = _stream.ReadAtLeast(next.AsSpan(rest, wanted), wanted, throwOnEndOfStream: false);
        _read += found;
        if (found < wanted)
        {
            throw Truncated(_file, _length, _read);
        }

        (_buffer, _filled) = (next, rest + found);
        _json = new Utf8JsonReader(_buffer.AsSpan(0, _filled), isFinalBlock: _read >= _length, _json.CurrentState);
    }

    /// <summary>The exception for a header that ends too early.</summary>
    public static WeightsFormatException Truncated(string file, long length, long found) =>
        new(file, null, $"the file is truncated: the header should be {MessageText.Count(length, "byte")} long, and {found} are there.");
}

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Strata.Serving.Protocol;

/// <summary>The classification extension: the likeliest classes of each sample as texts "value:index:name".</summary>
internal static class ClassificationOutput
{
    public const string DataType = "BYTES", Parameter = "classification";

    /// <summary>The texts of all samples, the likeliest first. Of equal values, the first class comes first.</summary>
    /// <exception cref="ProtocolException">A value is NaN, which no order has a place for.</exception>
    public static List<string> TextsOf(InferCall call, Answer answer)
    {
        int length = Tensors.Length(answer.Tensor);
        IReadOnlyList<string>? names = call.Model.Options.ClassNames is { } all && all.Count == length ? all : null;
        var texts = new List<string>(call.Samples * answer.Classes);
        int[] classes = new int[length];
        for (int n = 0; n < call.Samples; n++)
        {
            float[] values = call.Outputs.Slice((n * call.OutputLength) + answer.Offset, length).ToArray();
            if (Array.FindIndex(values, float.IsNaN) is >= 0 and int nan)
            {
                throw new ProtocolException(StatusCodes.Status422UnprocessableEntity,
                    $"The output '{answer.Tensor.Name}' of sample {n} has no likeliest classes: number {nan} is NaN. Look at the inputs.");
            }

            for (int i = 0; i < length; i++)
            {
                classes[i] = i;
            }

            Array.Sort(classes, (a, b) => values[b].CompareTo(values[a]) is not 0 and int order ? order : a.CompareTo(b));
            foreach (int c in classes.AsSpan(0, answer.Classes))
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"{values[c]}:{c}");
                texts.Add(names is null ? text : $"{text}:{names[c]}");
            }
        }

        return texts;
    }

    /// <summary>The texts as bytes: each behind its length of four bytes, the lowest first.</summary>
    public static byte[] BytesOf(InferCall call, Answer answer)
    {
        var bytes = new List<byte>();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string text in TextsOf(call, answer))
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
            bytes.AddRange(length);
            bytes.AddRange(utf8);
        }

        return [.. bytes];
    }
}

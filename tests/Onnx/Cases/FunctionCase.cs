using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Onnx.Tests;

/// <summary>A function of single numbers, as nodes.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Write">Adds the nodes that compute it from <c>x</c>, and returns the result's name.</param>
/// <param name="Kinks">Where it may bend or jump.</param>
internal sealed record FunctionCase(string Name, Func<FunctionCase.Nodes, string> Write, params float[] Kinks)
{
    /// <summary>How many numbers a sample has.</summary>
    public const int Length = 32;

    private static readonly float[] Magnitudes = [1e-30f, 1e-6f, 1e-3f, 0.05f, 1, 8, 100, 1e4f, 1e10f];

    /// <summary>
    /// Whether nodes compare numbers that were computed. Then two roundings decide differently beside a jump, and the neighbouring numbers'
    /// values count, too.
    /// </summary>
    public bool IsRounded { get; init; }

    public byte[] ToBytes()
    {
        var nodes = new Nodes();
        nodes.Model.Input("x", "N", Length);
        string result = Write(nodes);
        return nodes.Model.Node("Identity", result == "x" ? nodes.Op("Mul", "x", 1) : result, "y").Output("y").ToBytes();
    }

    /// <summary>Samples of one magnitude each, and around each kink float by float.</summary>
    public float[][] Samples()
    {
        var random = new Random(7);
        IEnumerable<float[]> wide = Magnitudes.Select(most => (float[])
        [
            most, -most, 0, -0f, most / 2, -most / 2,
            .. Enumerable.Range(0, Length - 6).Select(_ => most * ((2 * random.NextSingle()) - 1)),
        ]);
        IEnumerable<float[]> close = Kinks.Select(kink => (float[])
        [
            kink / 2, 1.5f * kink, kink - 0.5f, kink + 0.5f, kink, .. Enumerable.Range(1, 9).SelectMany(steps => new[]
            {
                Moved(kink, steps), Moved(kink, -steps), kink * (1 + (steps * 1e-3f)),
            }),
        ]);
        return [.. wide, .. close];
    }

    public override string ToString() => Name;

    /// <summary>The float that stands some floats further.</summary>
    public static float Moved(float value, int steps)
    {
        for (int i = 0; i < Math.Abs(steps); i++)
        {
            value = steps > 0 ? MathF.BitIncrement(value) : MathF.BitDecrement(value);
        }

        // Numbers below the smallest normal one are 0 to some processors' modes.
        return float.IsSubnormal(value) ? MathF.CopySign(1.2e-38f, value) : value;
    }

    /// <summary>Writes nodes one in another.</summary>
    internal sealed class Nodes
    {
        private int _count;

        public ModelBuilder Model { get; } = new(20);

        /// <summary>A node; operands are names of tensors and numbers.</summary>
        public string Op(string @operator, params object[] operands) => With(@operator, [], operands);

        public string With(string @operator, (string Name, object Value)[] attributes, params object[] operands)
        {
            string name = "t" + (++_count).ToString(CultureInfo.InvariantCulture);
            string[] inputs = [.. operands.Select((operand, i) => operand as string ?? Number(operand, $"{name}c{i}"))];
            Model.Node(@operator, string.Join(',', inputs), name, attributes);
            return name;
        }

        /// <summary>A truth value as a number.</summary>
        public string Float(string condition) => With("Cast", [("to", 1)], condition);

        private string Number(object value, string name)
        {
            Model.Floats(name, [], Convert.ToSingle(value, CultureInfo.InvariantCulture));
            return name;
        }
    }
}

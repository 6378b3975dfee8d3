using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Xunit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>What is computed in advance is what kernels would compute.</summary>
public sealed class FoldingTests
{
    /// <summary>Functions without such a value: kernels compute them more exactly than .NET can.</summary>
    private static readonly string[] Kept = ["GELU", "GELUTanh"];

    [Fact]
    public void A_function_of_numbers_is_the_number_that_kernels_would_compute()
    {
        foreach ((string name, int arguments) in Compiler.KernelLanguage.Functions.Names)
        {
            Function function = Compiler.KernelLanguage.Functions.Find(name, arguments)!;
            foreach (float x in new[]
            {
                0, -0f, 1, -1, 0.5f, 2.5f, -3.7f, 12, -20, 1e-6f, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
            })
            {
                float[] values = [x, .. new[] { 1.5f, 3 }.Take(arguments - 1)];
                Expression folded = Folding.Fold(new Call(function, [.. values.Select(value => (Expression)new Constant(value))]));
                if (Kept.Contains(name))
                {
                    Assert.IsType<Call>(folded);
                    continue;
                }

                double found = Assert.IsType<Constant>(folded).Value, expected = Interpreter.InSingle(function, values);
                Assert.True(
                    found.Equals(expected) || Math.Abs(found - expected) <= 1e-6 * Math.Max(1e-3, Math.Abs(expected)),
                    $"{name} of {string.Join(", ", values)} is {found} instead of {expected}");
            }
        }
    }
}

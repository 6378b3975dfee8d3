using System.IO;
using Strata.Tests;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Limits of what can be declared and imported.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_sequence_goes_from_a_state_of_zero() => Limit.Throws<UnsupportedOnnxException>(
        "recurrent layers begin with a state of 0",
        () => Import(new ModelBuilder().Input("x", 5, 1, 3).Noise("w", 1, 8, 3).Noise("r", 1, 8, 2).Noise("state", 1, 1, 2)
            .Node("LSTM", "x,w,r,,,state", "y", ("hidden_size", 2)).Output("y")));

    private static void Import(ModelBuilder model)
    {
        using var stream = new MemoryStream(model.ToBytes());
        OnnxFile.Import(stream);
    }
}

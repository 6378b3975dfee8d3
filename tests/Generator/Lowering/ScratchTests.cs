using System;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Buffers in a thread's own memory, which live during one step.</summary>
public sealed class ScratchTests
{
    private static readonly NetworkModel Network = Graphs.ModelOf(
        "using Strata;\n[Network(Observable = true)]\n[Input(4), Dense(3, Name = \"scratch\"), ReLU]\npublic partial class Net;");

    [Fact]
    public void Buffers_of_different_steps_share_memory_and_those_of_one_do_not()
    {
        ProgramBuilder builder = Plans.Builder(Network.Graph!, Tier.Avx2);
        TensorBuffer first = Scratch(builder, "first", 20), second = Scratch(builder, "second", 40),
            kept = builder.Buffer(new("kept", "Kept"), Shape.Vector(8), Layout.Flat);
        builder.Clear(first, "first");
        builder.Copy(second, kept, "second");
        builder.Copy(second with { Name = new("third", "Third") }, Scratch(builder, "fourth", 24), "third and fourth");
        Program program = builder.Program();
        Assert.Equal(
            [("First", 0), ("Second", 0), ("Third", 0), ("Fourth", 48)],
            program.Scratch.Buffers.Select(planned => (planned.Buffer.Name.Identifier, planned.Offset)));
        Assert.Equal(80, program.Scratch.Length);
        Assert.Equal(["Kept"], program.Memory.Buffers.Select(planned => planned.Buffer.Name.Identifier));
    }

    [Fact]
    public void A_buffer_of_two_steps_is_refused()
    {
        ProgramBuilder builder = Plans.Builder(Network.Graph!, Tier.Avx2);
        TensorBuffer tiles = Scratch(builder, "tiles", 64);
        builder.Clear(tiles, "once");
        Assert.Equal(64, builder.Program().Scratch.Length);
        builder.Add("Again", "twice", new ClearKernel(builder.Tier), 0, ProgramBuilder.Write(tiles), new ExtentOperand(64));
        Assert.Equal(
            "tiles lies in scratch memory, which 'Again' would find overwritten.",
            Assert.Throws<InvalidOperationException>(() => builder.Program()).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Programs_pass_it_on_to_kernels(bool observed)
    {
        TierPrograms programs = TierPrograms.Lower(Network.Graph!, Tier.Avx2, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("ScratchLength", Write(programs), StringComparison.Ordinal);

        ProgramBuilder builder = Plans.Builder(Network.Graph!, Tier.Avx2);
        TensorBuffer tiles = Scratch(builder, "tiles", 100);
        builder.Clear(tiles, "tiles");
        builder.Add("Clear", "more", new ClearKernel(builder.Tier), 0, ProgramBuilder.Write(Scratch(builder, "more", 64), 8),
            new ExtentOperand(8));
        Program program = builder.Program();
        string text = Write(observed ? programs with { Observed = program } : programs with { Sample = program });
        Assert.Contains("public override int ScratchLength => 112;", text, StringComparison.Ordinal);
        Assert.Contains("Clear(ref At(ref scratch, Scratch.Tiles), ", text, StringComparison.Ordinal);
        Assert.Contains("Clear(ref At(ref scratch, Scratch.More + 8), ", text, StringComparison.Ordinal);
        Assert.Contains(
            observed ? "ref float arena, ref float scratch, ref float observations)"
                : "ref readonly float weights, ref float arena, ref float scratch)", text,
            StringComparison.Ordinal);

        static string Write(TierPrograms programs) =>
            string.Concat(TierWriter.Write(Network.Target!, programs, TestContext.Current.CancellationToken)
                .Files(null, TestContext.Current.CancellationToken).Select(file => file.Text));
    }

    private static TensorBuffer Scratch(ProgramBuilder builder, string name, int floats) => builder.Buffer(
        new TensorName(name, char.ToUpperInvariant(name[0]) + name[1..]), Shape.Vector(floats), Layout.Flat, space: MemorySpace.Scratch);
}

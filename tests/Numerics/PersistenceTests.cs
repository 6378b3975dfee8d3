using System;
using System.IO;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Weights travel between instances, tiers and files.</summary>
public class PersistenceTests
{
    [Fact]
    public void Weights_saved_in_one_tier_give_the_same_network_in_every_other()
    {
        OracleNetwork oracle = Models.Mixed();
        Models.Fill(oracle);
        CompiledType type = NetworkCompiler.Compile(oracle);
        float[] inputs = Formula.Uniforms(1, 20 * oracle.Input.Length);
        foreach (Isa from in Tiers.Supported)
        {
            using CompiledNetwork saved = type.Create(oracle, from);
            using var file = new MemoryStream();
            saved.Save(file);
            foreach (Isa to in Tiers.Supported)
            {
                using CompiledNetwork loaded = type.Create(to, seed: 99);
                file.Position = 0;
                loaded.Load(file);
                for (int k = 0; k < oracle.Parameters.Count; k++)
                {
                    float[] expected = new float[saved.Parameters[k].Length], actual = new float[expected.Length];
                    saved.Parameters[k].CopyTo(expected);
                    loaded.Parameters[k].CopyTo(actual);
                    Compare.SameBits(expected, actual, saved.Parameters[k].Key);
                }

                float[] outputs = new float[20 * oracle.Output.Length];
                loaded.Forward(inputs, outputs);
                for (int n = 0; n < 20; n++)
                {
                    Compare.Equal(
                        oracle.Forward(inputs.AsSpan(n * oracle.Input.Length, oracle.Input.Length)).Output,
                        outputs.AsSpan(n * oracle.Output.Length, oracle.Output.Length),
                        $"output of {to} with the weights of {from}");
                }
            }
        }
    }

    [Fact]
    public void A_trained_network_comes_back_from_its_file()
    {
        OracleNetwork oracle = Models.LeNet5();
        CompiledType type = NetworkCompiler.Compile(oracle);
        using CompiledNetwork trained = type.Create(seed: 1);
        using (var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(trained, 32, new Adam()))
        {
            trainer.Step(Formula.Uniforms(1, 32 * oracle.Input.Length), new int[32]);
        }

        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        try
        {
            trained.Save(path);
            using CompiledNetwork loaded = type.Create(seed: 2);
            loaded.Load(path);
            float[] inputs = Formula.Uniforms(3, 5 * oracle.Input.Length), expected = new float[50], actual = new float[50];
            trained.Forward(inputs, expected);
            loaded.Forward(inputs, actual);
            Compare.SameBits(expected, actual, "output");

            // And from memory, into an instance that has been used.
            loaded.Initialize(7);
            loaded.Load(File.ReadAllBytes(path).AsMemory());
            loaded.Forward(inputs, actual);
            Compare.SameBits(expected, actual, "output");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        using CompiledNetwork lenet = NetworkCompiler.Compile(Models.LeNet5()).Create();
        using CompiledNetwork net = NetworkCompiler.Compile(Models.Net()).Create(seed: 6);
        using var file = new MemoryStream();
        lenet.Save(file);
        file.Position = 0;
        float[] before = new float[net.Parameters[0].Length], after = new float[before.Length];
        net.Parameters[0].CopyTo(before);
        Exception exception = Assert.ThrowsAny<Exception>(() => net.Load(file));
        Assert.Contains("conv1.weight", exception.Message, StringComparison.Ordinal);
        net.Parameters[0].CopyTo(after);
        Compare.SameBits(before, after, "weight after a refused file");
    }

    [Fact]
    public void What_is_copied_into_a_parameter_comes_back_in_the_same_order_in_every_tier()
    {
        foreach (OracleNetwork oracle in new[] { Models.LeNet5(), Models.Net(), Models.Mixed() })
        {
            foreach (Isa isa in Tiers.Supported)
            {
                using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa);
                for (int k = 0; k < oracle.Parameters.Count; k++)
                {
                    Parameter parameter = network.Parameters[k];
                    Assert.Equal(oracle.Parameters[k].Key, parameter.Key);
                    Assert.Equal(oracle.Parameters[k].Shape, parameter.Shape);
                    float[] values = Formula.Uniforms((ulong)k, parameter.Length), back = new float[parameter.Length];
                    parameter.CopyFrom(values);
                    parameter.CopyTo(back);
                    Compare.SameBits(values, back, parameter.Key);
                }
            }
        }
    }
}

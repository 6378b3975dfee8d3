using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Reflection;
using System.Threading.Tasks;
using k8s;
using k8s.Models;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Strata.Serving.Tests;

/// <summary>The deployment of samples/Serve fits the server: its files are read, and what they ask for is asked of a server.</summary>
public sealed class ManifestTests
{
    [Fact]
    public void The_files_have_the_kinds_that_they_say()
    {
        Assert.Equal(["apps/v1 Deployment", "v1 Service", "autoscaling/v2 HorizontalPodAutoscaler"], Load("kubernetes.yaml").Select(Kind));
        Assert.Equal(["serving.kserve.io/v1beta1 InferenceService"], Load("kserve.yaml").Select(Kind));

        static string Kind(YamlNode document) => $"{Text(document, "apiVersion")} {Text(document, "kind")}";
    }

    /// <summary>The client library is made from Kubernetes' own schema, and takes no field that the schema lacks.</summary>
    [Fact]
    public void Kubernetes_schema_knows_every_field()
    {
        string text = File.ReadAllText(Path.Combine(Folder(), "kubernetes.yaml"));
        Assert.Equal(
            [typeof(V1Deployment), typeof(V1Service), typeof(V2HorizontalPodAutoscaler)],
            KubernetesYaml.LoadAllFromString(text, strict: true).Select(item => item.GetType()));
        Assert.ThrowsAny<YamlException>(() => KubernetesYaml.LoadAllFromString(
            text.Replace("maxReplicas:", "mostReplicas:", StringComparison.Ordinal), strict: true));
    }

    /// <summary>KServe's predictor is a pod, with fields of its own beside the pod's.</summary>
    [Fact]
    public void Kubernetes_schema_knows_every_field_of_KServes_pod()
    {
        var predictor = (YamlMappingNode)At(Load("kserve.yaml")[0], "spec.predictor");
        Assert.True(predictor.Children.Remove("minReplicas") && predictor.Children.Remove("maxReplicas"));
        using var text = new StringWriter();
        new YamlStream(new YamlDocument(predictor)).Save(text, assignAnchors: false);
        V1PodSpec pod = KubernetesYaml.Deserialize<V1PodSpec>(text.ToString(), strict: true);
        Assert.Equal("kserve-container", Assert.Single(pod.Containers).Name);
    }

    [Theory]
    [InlineData("kubernetes.yaml", "spec.template.spec.containers")]
    [InlineData("kserve.yaml", "spec.predictor.containers")]
    public async Task Probes_ask_paths_that_a_server_answers_and_containers_may_do_little(string file, string path)
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small"));
        YamlNode container = ((YamlSequenceNode)At(Load(file)[0], path)).Children.Single();
        var ports = ((YamlSequenceNode)At(container, "ports")).Children
            .ToDictionary(port => Text(port, "name"), port => Text(port, "containerPort"));
        Assert.Subset(new HashSet<string> { "8080", "8081" }, ports.Values.ToHashSet());
        var probes = ((YamlMappingNode)container).Children
            .Where(child => child.Key.ToString().EndsWith("Probe", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(probes);
        foreach ((_, YamlNode probe) in probes)
        {
            string port = Text(probe, "httpGet.port");
            Assert.Equal("8080", ports.GetValueOrDefault(port, port));
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync(Text(probe, "httpGet.path"))).StatusCode);
        }

        Assert.Matches("^[a-z-]+:[0-9.]+$", Text(container, "image"));
        Assert.Equal("false", Text(container, "securityContext.allowPrivilegeEscalation"));
        Assert.All(["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"], limit => Text(container, "resources." + limit));
    }

    [Fact]
    public void The_service_and_the_scaling_name_the_deployment()
    {
        List<YamlNode> documents = Load("kubernetes.yaml");
        string name = Text(documents[0], "metadata.name");
        Assert.Equal("true", Text(documents[0], "spec.template.spec.securityContext.runAsNonRoot"));
        Assert.Equal(Text(documents[0], "spec.template.metadata.labels.app"), Text(documents[1], "spec.selector.app"));
        Assert.Equal(Text(documents[0], "spec.selector.matchLabels.app"), Text(documents[1], "spec.selector.app"));
        Assert.Equal(name, Text(documents[2], "spec.scaleTargetRef.name"));

        // A number of its own would undo the scaling whenever the file is applied.
        Assert.DoesNotContain("replicas", ((YamlMappingNode)At(documents[0], "spec")).Children.Keys.Select(key => key.ToString()));
    }

    [Fact]
    public void The_image_has_no_SDK_and_its_user_is_not_root()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder(), "Dockerfile"));
        string[] stages = [.. lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal))];
        Assert.EndsWith(" AS build", stages[0], StringComparison.Ordinal);
        Assert.Contains("runtime-deps", Assert.Single(stages[1..]), StringComparison.Ordinal);
        Assert.Contains("rm -f /app/*.dbg", string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Equal(["COPY . .", "COPY --from=build /app ."], lines.Where(line => line.StartsWith("COPY", StringComparison.Ordinal)));
        Assert.Contains("USER $APP_UID", lines);
        Assert.Contains("EXPOSE 8080 8081", lines);
    }

    private static List<YamlNode> Load(string file)
    {
        var stream = new YamlStream();
        using StreamReader reader = File.OpenText(Path.Combine(Folder(), file));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    private static YamlNode At(YamlNode node, string path) => path.Split('.').Aggregate(node, (at, key) =>
        ((YamlMappingNode)at).Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child
            : throw new KeyNotFoundException($"There is no '{key}' of {path}."));

    private static string Text(YamlNode node, string path) => At(node, path).ToString();

    private static string Folder() => Path.Combine(
        typeof(ManifestTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ProjectDirectory").Value!,
        "..", "..", "samples", "Serve", "deploy");
}

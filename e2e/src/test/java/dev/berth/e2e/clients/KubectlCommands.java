package dev.berth.e2e.clients;

import java.util.List;
import java.util.stream.Stream;

/// What people type into kubectl. `NS` is the client's namespace, `DIR` the folder of its files,
/// `NODE` the node, `~` a space inside a word.
final class KubectlCommands {
  private KubectlCommands() {}

  static List<Command> all() {
    return Stream.of(
            reading(),
            creating(),
            applying(),
            changing(),
            rollouts(),
            pods(),
            asking(),
            deleting(),
            nodes())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Command> reading() {
    return List.of(
        Command.of("get pods", "^web-\\S+ +1/1 +Running", "get pods"),
        Command.of("get pods -o wide", "^web-\\S+ .* 10\\.244\\.\\d+\\.\\d+", "get pods -o wide"),
        Command.of(
            "get deployment -o yaml",
            "^ +terminationGracePeriodSeconds: 1$",
            "get deployment web -o yaml"),
        Command.of(
            "get deployment -o json", "\"kind\": \"Deployment\"", "get deployment web -o json"),
        Command.of(
            "get -o jsonpath",
            "^default/box:1$",
            "get deployment web -o jsonpath={.spec.template.spec.containers[0].image}"),
        Command.of("get -o name", "^configmap/settings$", "get configmaps -o name"),
        Command.of(
            "get -o custom-columns",
            "^web +1$",
            "get deployments -o custom-columns=N:.metadata.name,R:.spec.replicas"),
        Command.of("get -l", "(?s)\\A(?!.*doomed).*^settings", "get configmaps -l app=web"),
        Command.of(
            "get --field-selector",
            "(?s)\\A(?!.*web-).*^shell",
            "get pods --field-selector metadata.name=shell"),
        Command.of(
            "get --sort-by", "(?s)^web-.*^listens", "get pods --sort-by .spec.containers[0].image"),
        Command.of("get --show-labels", "app=web", "get deployments --show-labels"),
        Command.of("get -A", "^NS +web +1/1", "get deployments -A"),
        Command.of("get all", "deployment\\.apps/web", "get all"),
        Command.of("get --watch", "^web +1/1", "get deployments --watch").following(),
        Command.of("get nodes -o wide", "^NODE +Ready", "get nodes -o wide"),
        Command.of("get --raw", "gitVersion", "get --raw /version"),
        Command.of("describe pod", "^ +Ready +True", "describe pods -l app=web"),
        Command.of("describe deployment", "1 available", "describe deployment web"),
        Command.of("describe service", "^Endpoints: +10\\.244\\.", "describe service web"),
        Command.of("describe secret", "^word: +6 bytes", "describe secret password"),
        Command.of("describe node", "Allocated resources", "describe node NODE"));
  }

  private static List<Command> creating() {
    return List.of(
        Command.of("create namespace", "^namespace/NS-more created", "create namespace NS-more"),
        Command.of(
            "create configmap",
            "^red$",
            "create configmap made --from-literal=color=red",
            "get configmap made -o jsonpath={.data.color}"),
        Command.of(
            "create secret generic",
            "^c2VzYW1l$",
            "create secret generic made --from-literal=word=sesame",
            "get secret made -o jsonpath={.data.word}"),
        Command.of(
                "create deployment",
                "^2$",
                "create deployment made --image=default/box:1 --replicas=2",
                "get deployment made -o jsonpath={.spec.replicas}")
            .since(1, 20),
        Command.of(
            "create service clusterip",
            "^80$",
            "create service clusterip made --tcp=80:3000",
            "get service made -o jsonpath={.spec.ports[0].port}"),
        Command.of(
            "create serviceaccount",
            "^serviceaccount/made$",
            "create serviceaccount made",
            "get serviceaccount made -o name"),
        Command.of(
            "create role",
            "^pods$",
            "create role made --verb=get --resource=pods",
            "get role made -o jsonpath={.rules[0].resources[0]}"),
        Command.of(
            "create rolebinding",
            "^made$",
            "create rolebinding made --role=made --user=jane",
            "get rolebinding made -o jsonpath={.roleRef.name}"),
        Command.of(
            "create quota",
            "^100$",
            "create quota made --hard=pods=100",
            "get quota made -o jsonpath={.spec.hard.pods}"),
        Command.of(
            "create job",
            "^1/1$|^Complete$",
            "create job made --image=default/box:1 -- /box fail 0 done",
            "wait --for=condition=Complete job/made --timeout=3m",
            "get job made -o jsonpath={.status.conditions[?(@.type=='Complete')].type}"),
        Command.of(
                "create cronjob",
                "^0 0 \\* \\* \\*$",
                "create cronjob made --image=default/box:1 --schedule=0~0~*~*~*",
                "get cronjob made -o jsonpath={.spec.schedule}")
            .since(1, 21),
        Command.of(
            "create ingress",
            "^web$",
            "create ingress made --rule=a.localhost/=web:80",
            "get ingress made -o jsonpath={.spec.rules[0].http.paths[0].backend.service.name}"),
        Command.of(
                "create poddisruptionbudget",
                "^1$",
                "create poddisruptionbudget made --selector=app=none --min-available=1",
                "get pdb made -o jsonpath={.spec.minAvailable}")
            .since(1, 21),
        Command.of(
            "create priorityclass",
            "^7$",
            "create priorityclass NS --value=7",
            "get priorityclass NS -o jsonpath={.value}"),
        Command.of("create token", "^eyJ", "create token default").since(1, 24),
        Command.of(
            "create -f",
            "^red$",
            "create -f DIR/created-red.yaml",
            "get configmap created -o jsonpath={.data.color}"),
        Command.of(
            "create --dry-run=server",
            "created \\(server dry run\\)",
            "create -f DIR/tried-red.yaml --dry-run=server"));
  }

  private static List<Command> applying() {
    return List.of(
        Command.of(
            "apply",
            "^blue$",
            "apply -f DIR/applied-red.yaml",
            "apply -f DIR/applied-blue.yaml",
            "get configmap applied -o jsonpath={.data.color}"),
        Command.of(
            "apply --server-side",
            "^blue$",
            "apply --server-side -f DIR/served-red.yaml",
            "apply --server-side -f DIR/served-blue.yaml",
            "get configmap served -o jsonpath={.data.color}"),
        Command.of(
            "apply --dry-run=server",
            "server dry run",
            "apply --dry-run=server -f DIR/tried-red.yaml"),
        Command.of(
                "diff",
                "^\\+ +color: blue",
                "apply -f DIR/replaced-red.yaml",
                "diff -f DIR/replaced-blue.yaml")
            .exiting(1),
        Command.of(
            "replace",
            "^blue$",
            "apply -f DIR/replaced-red.yaml",
            "replace -f DIR/replaced-blue.yaml",
            "get configmap replaced -o jsonpath={.data.color}"));
  }

  private static List<Command> changing() {
    return List.of(
        Command.of(
            "edit",
            "^after$",
            "edit configmap settings",
            "get configmap settings -o jsonpath={.data.color}"),
        Command.of(
            "patch",
            "patched",
            "patch deployment changed -p"
                + " {\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}]}}}}"),
        Command.of(
            "patch --type=merge",
            "^1$",
            "patch configmap settings --type=merge -p {\"data\":{\"m\":\"1\"}}",
            "get configmap settings -o jsonpath={.data.m}"),
        Command.of(
            "patch --type=json",
            "^2$",
            "patch configmap settings --type=json -p"
                + " [{\"op\":\"add\",\"path\":\"/data/j\",\"value\":\"2\"}]",
            "get configmap settings -o jsonpath={.data.j}"),
        Command.of(
            "label",
            "^1$",
            "label configmap settings tier=1",
            "get configmap settings -o jsonpath={.metadata.labels.tier}"),
        Command.of(
            "annotate",
            "^1$",
            "annotate configmap settings note=1",
            "get configmap settings -o jsonpath={.metadata.annotations.note}"),
        Command.of(
            "scale",
            "^2$",
            "scale deployment changed --replicas=2",
            "get deployment changed -o jsonpath={.spec.replicas}"),
        Command.of(
            "autoscale",
            "^3$",
            "autoscale deployment changed --min=1 --max=3",
            "get hpa changed -o jsonpath={.spec.maxReplicas}"),
        Command.of(
            "set image",
            "^default/shell:1$",
            "set image deployment/changed main=default/shell:1",
            "get deployment changed -o jsonpath={.spec.template.spec.containers[0].image}"),
        Command.of(
            "set env",
            "^2$",
            "set env deployment/changed B=2",
            "get deployment changed -o"
                + " jsonpath={.spec.template.spec.containers[0].env[?(@.name=='B')].value}"),
        Command.of("expose", "^service/changed exposed", "expose deployment changed --port=80"),
        Command.of(
            "run",
            "^pod/ran$",
            "run ran --image=default/box:1 --restart=Never -- hang",
            "get pod ran -o name"));
  }

  private static List<Command> rollouts() {
    return List.of(
        Command.of(
            "rollout status",
            "successfully rolled out",
            "rollout status deployment/web --timeout=3m"),
        Command.of(
            "rollout restart",
            "restartedAt",
            "rollout restart deployment/changed",
            "get deployment changed -o jsonpath={.spec.template.metadata.annotations}"),
        Command.of("rollout history", "^1 ", "rollout history deployment/web"),
        Command.of(
            "rollout pause, resume",
            "^paused:$",
            "rollout pause deployment/changed",
            "rollout resume deployment/changed",
            "get deployment changed -o jsonpath=paused:{.spec.paused}"),
        Command.of(
            "rollout undo",
            "^C:$",
            "set env deployment/changed C=3",
            "rollout undo deployment/changed",
            "get deployment changed -o"
                + " jsonpath=C:{.spec.template.spec.containers[0].env[?(@.name=='C')].value}"));
  }

  private static List<Command> pods() {
    return List.of(
        Command.of(
            "wait --for=condition",
            "condition met",
            "wait --for=condition=Ready pod -l app=web --timeout=3m"),
        Command.of("logs", "listening on 3000", "logs deployment/web"),
        Command.of("logs -f", "listening on 3000", "logs -f deployment/web").following(),
        Command.of("exec", "^hello$", "exec deployment/web -- /box fail 0 hello"),
        Command.of("exec, exit code", "exit code 7", "exec deployment/web -- /box fail 7 hello")
            .exiting(7),
        Command.of("attach -i", "^got told", "attach -i listens -c main")
            .typing("told")
            .following(),
        // Not at the begin of a line: what types for us ends its input with a byte that the
        // container's terminal shows
        // (`^@`) when the client was not there yet to take each character as it came.
        Command.of("attach -it", "got told", "attach -it listens -c console")
            .typingIntoATerminal("told")
            .following(),
        Command.of(
                "run -i --rm",
                "^got told",
                "run typed -i --rm --restart=Never --image=default/shell:1 --command --"
                    + " sh -c read~l;echo~got~$l")
            .typing("told"),
        Command.of(
                "port-forward",
                "^Forwarding from 127\\.0\\.0\\.1:(\\d+)",
                "port-forward service/web :80")
            .forwarding(),
        Command.of("top pod", "^web-\\S+ +\\d+m", "top pod"),
        Command.of("top pod -l", "^web-\\S+ +main +\\d+m", "top pod -l app=web --containers"),
        Command.of(
            "cp to a pod",
            "^data:.*red",
            "cp DIR/created-red.yaml shell:/copied",
            "exec shell -- cat /copied"),
        Command.of(
            "cp from a pod",
            "^configmap/created created",
            "cp DIR/created-red.yaml shell:/brought",
            "cp shell:/brought DIR/brought.yaml",
            "create --dry-run=client -f DIR/brought.yaml"),
        Command.of(
                "proxy",
                "^Starting to serve on 127\\.0\\.0\\.1:(\\d+)",
                "proxy --port=0 --accept-hosts=.*")
            .forwarding(),
        Command.of("events", "web-", "events").since(1, 26),
        Command.of("get events", "Scheduled|Started", "get events"));
  }

  private static List<Command> asking() {
    return List.of(
        Command.of("version", "(?i)server version", "version"),
        Command.of("cluster-info", "is running at", "cluster-info"),
        Command.of(
            "api-resources", "^deployments +deploy +apps/v1 +true +Deployment", "api-resources"),
        Command.of("api-versions", "^apps/v1$", "api-versions"),
        Command.of("explain", "(?s)Deployment.*replicas", "explain deployment.spec"),
        Command.of(
            "certificate approve",
            "^Approved",
            "certificate approve NS-approved",
            "get csr NS-approved -o jsonpath={.status.conditions[*].type}"),
        Command.of(
            "certificate deny",
            "^Denied",
            "certificate deny NS-denied",
            "get csr NS-denied -o jsonpath={.status.conditions[*].type}"),
        Command.of("auth can-i", "^yes", "auth can-i create pods"),
        Command.of("auth can-i --list", "\\*\\.\\*", "auth can-i --list"),
        Command.of("auth whoami", "(?i)groups.*system:masters|admin", "auth whoami").since(1, 28));
  }

  private static List<Command> deleting() {
    return List.of(
        Command.of("delete", "deleted", "delete configmap doomed"),
        Command.of("delete -l", "^No resources found", "delete configmap -l app=none"),
        Command.of("delete deployment", "deleted", "delete deployment changed"),
        Command.of(
            "wait --for=delete",
            "condition met",
            "delete pod awaited --wait=false",
            "wait --for=delete pod/awaited --timeout=3m"),
        Command.of("delete namespace", "deleted", "delete namespace NS-doomed --timeout=3m"));
  }

  /// They change the one node.
  private static List<Command> nodes() {
    return List.of(
        Command.of("top node", "^NODE +\\d+m", "top node"),
        Command.of("cordon, uncordon", "uncordoned", "cordon NODE", "uncordon NODE")
            .whileNobodyElseRuns(),
        Command.of("drain", "drained", "drain NODE --pod-selector=drain=NS --force --timeout=3m")
            .whileNobodyElseRuns(),
        Command.of("uncordon after a drain", "uncordoned", "uncordon NODE").whileNobodyElseRuns(),
        Command.of(
                "taint",
                "untainted",
                "taint nodes NODE NS=1:PreferNoSchedule",
                "taint nodes NODE NS-")
            .whileNobodyElseRuns());
  }
}

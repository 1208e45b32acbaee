{{- define "stream-app.name" -}}
{{- printf "%s-%s" .Release.Name "stream-app" | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "stream-app.selector" -}}
app.kubernetes.io/name: stream-app
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "stream-app.labels" -}}
{{ include "stream-app.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "stream-app.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Each hop in exactly one group: in none it would not run, in two each record would be handled twice. */}}
{{- define "stream-app.check" -}}
{{- $seen := list -}}
{{- range $group, $worker := .Values.workers }}{{ $seen = concat $seen $worker.hops }}{{ end -}}
{{- if ne (join "," (sortAlpha $seen)) "count,match,read,tag" -}}
{{- fail (printf "workers: each of read, match, tag, count must be in exactly one group, found: %s" (join ", " (sortAlpha $seen))) -}}
{{- end -}}
{{- end }}

{{/* The hops of a group in the order of the flow, which names its consumer group. */}}
{{- define "stream-app.hops" -}}
{{- $hops := list -}}
{{- range $hop := list "read" "match" "tag" "count" }}{{ if has $hop $.hops }}{{ $hops = append $hops $hop }}{{ end }}{{ end -}}
{{- join "," $hops -}}
{{- end }}

{{/* The consumer group of workers with these hops; as stream_app/app.py names it. */}}
{{- define "stream-app.group" -}}
{{- $settings := .root.Values.settings -}}
{{- $name := printf "%s%s" (default "" $settings.prefix) (default "stream-app" $settings.group) -}}
{{- if eq (len .hops) 4 }}{{ $name }}{{ else }}{{ printf "%s-%s" $name (include "stream-app.hops" . | replace "," "-") }}{{ end -}}
{{- end }}

{{/* A value as the environment has it: whole numbers without Go's exponent (3000000, not 3e+06). */}}
{{- define "stream-app.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end -}}
{{- end }}

{{- define "stream-app.env" -}}
{{- range $name, $value := .Values.settings }}
- {name: {{ printf "STREAM_APP_%s" (upper $name) }}, value: {{ include "stream-app.text" $value | quote }}}
{{- end }}
{{- with .Values.sasl.existingSecret }}
- name: STREAM_APP_SASL_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $.Values.sasl.key }}}}
{{- end }}
{{- if .Values.tls.existingSecret }}
- {name: STREAM_APP_SSL_CAFILE, value: /etc/stream-app/tls/ca.crt}
{{- if .Values.tls.clientCertificate }}
- {name: STREAM_APP_SSL_CERTFILE, value: /etc/stream-app/tls/tls.crt}
- {name: STREAM_APP_SSL_KEYFILE, value: /etc/stream-app/tls/tls.key}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "stream-app.container" -}}
image: {{ include "stream-app.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
env:
  {{- include "stream-app.env" . | trim | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- if .Values.tls.existingSecret }}
  - {name: tls, mountPath: /etc/stream-app/tls, readOnly: true}
  {{- end }}
{{- end }}

{{- define "stream-app.pod" -}}
automountServiceAccountToken: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
  {{- with .Values.tls.existingSecret }}
  - {name: tls, secret: {secretName: {{ . }}}}
  {{- end }}
{{- end }}

{{/* The pod of a group of workers: .root, .group, .worker */}}
{{- define "stream-app.worker" -}}
metadata:
  labels:
    {{- include "stream-app.selector" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .group }}
  {{- with .root.Values.podAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "stream-app.name" .root }}
  {{- include "stream-app.pod" .root | nindent 2 }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "stream-app.selector" .root | nindent 10 }}
          app.kubernetes.io/component: {{ .group }}
  containers:
    - name: worker
      args: [worker, --no-create, --hops, {{ include "stream-app.hops" (dict "hops" .worker.hops) | quote }}]
      {{- include "stream-app.container" .root | nindent 6 }}
      ports:
        - {name: http, containerPort: 6066}
      # alive from the start, also while tables recover; ready once it handles records
      startupProbe:
        httpGet: {path: /health, port: http}
        periodSeconds: 2
        failureThreshold: 30
      livenessProbe:
        httpGet: {path: /health, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /ready, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
      resources:
        {{- toYaml .worker.resources | nindent 8 }}
{{- end }}
